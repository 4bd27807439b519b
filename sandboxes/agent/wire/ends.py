"""Both ends of a wire, for interpreters that are to run them: importing this is what makes one fit."""

from sandboxes.agent import program
from sandboxes.agent.wire import answering, testing, warming

program.ends.run_tests = testing.run
program.ends.serve_program = answering.serve
program.ends.warm = warming.warm
