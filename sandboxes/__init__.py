"""Sandboxes: run an untrusted program on inputs and say what happened, never whether it was right.

One run, from the pool to the program and back; each name is a file:

```text
server         pool ──► slot ──► launchers/…          ▲ decoding: the reply as an Execution
─────────────────────────┼ frames over two streams ───┼─────────────────────────────────────────────────────
agent/         service ──► runs ──► supervise ──► outcome: one status, from what was seen and what was said
                 │          │          ▲ pipes, CPU time, memory (meters), refused system calls (notices)
                 │          └► zygotes │
─────────────────┼─────────────┼───────┼─────────────────────────────────────────────────────────────────────
zygote         slot: what      ▼       │
               this machine  zygote ──► fork ──► sweep: nothing that the run started is left
               grants                   │
─────────────────────────────────────────┼────────────────────────────────────────────────────────────────────
child                                   jail ──► program (Python), or the language's command
                                        cgroups, namespaces (roots), uid, landlock, seccomp: in this order
```

`service` holds one submission at a time, `submission` compiles it once, and every run is a process of its own. Of
several runs the child is a `warden`, which enters the jail once and forks them all (`wardens` is the agent's
side of it), as long as they leave nothing to each other.
"""
