"""Tests and the program they test, in two processes, joined by one wire; both ends of it, standard library only.

The tests run as they are stored in a plain Python of their own (`testing`). What they import from the solution are
proxies (`proxies`, `mirrored`), whose calls go over the wire (`asking`) to the process that holds the submission
(`answering`, `lending`). Arguments and results cross by value where they are plain (`values`), else as a handle that
stays where the object is. Who compares decides trust: `==` between plain values is the tests' own, a handle never
equals a plain value, and what is compared in the program's process is counted.

    4 bytes  length of the body, big-endian
    1 byte   whom it is for, from the tests: P the program, N a new test begins, R a result, B it
                       may fail for what the program offers; from the program always T
    body     JSON

The tests' side believes nothing that comes back: it is decoded by an allow list into values of its own making, and what
cannot be read fails the test that asked. The program's side holds nothing worth knowing.
"""
