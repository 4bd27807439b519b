"""Haskell, OCaml, Racket, Scheme, Common Lisp, Clojure and Elixir: an expression behind the tests.

Frameworks there print failures and go on; what they counted is looked at first.
"""

import re

from reward_server.testing.endings import Ending, leaves
from reward_server.testing.endings.braces import hoisted


def _haskell(tests: str, nonce: str) -> str | None:
    if not re.search(r"^main\b", tests, re.MULTILINE) or leaves(tests, "exitWith|exitSuccess"):
        return None
    tests = re.sub(r"^main\b", "rewardTests", tests, flags=re.MULTILINE)
    announce = f'Prelude.putStr "\\n{nonce}"'
    return f"{tests}\n\nmain :: Prelude.IO ()\nmain = rewardTests Prelude.>> {announce}\n"


def _join_haskell(source: str, tests: str) -> str:
    """Imports come first, behind pragmas and the module's name, which is `Main`."""
    imports, source, tests = hoisted(source, tests, r"^import\s+.*$")
    source = re.sub(r"^main\b", "submissionMain", source, flags=re.MULTILINE)
    source = re.sub(r"^module\s+[\w.]+\s*+(?:\((?:[^()]|\([^()]*+\))*+\))?\s*+where\b", "", source, flags=re.MULTILINE)
    pragmas = "".join(f"{pragma}\n" for pragma in re.findall(r"\{-#\s*(?:LANGUAGE|OPTIONS_GHC).*?#-\}", source + tests))
    return f"{pragmas}module Main where\nimport qualified Prelude\nimport Prelude\n{imports}{source}\n{tests}\n"


def _ocaml(tests: str, nonce: str) -> str | None:
    return None if leaves(tests, "exit") else f'{tests}\n;;\nlet () = Stdlib.print_string "\\n{nonce}"\n'


def _racket(tests: str, nonce: str) -> str | None:
    """Rackunit's checks print their failures, and the program goes on to a status of 0."""
    if leaves(tests, "exit"):
        return None
    tests = re.sub(r"\A\s*#lang\s+\S+", "", tests)
    counted = "rackunit" in tests
    log = "(require (only-in rackunit/log test-log))\n" if counted else ""
    check = "(unless (zero? (car (test-log #:display? #f #:exit? #f))) (exit 1))\n" if counted else ""
    return f'{log}{tests}\n{check}(void (write-string "\\n{nonce}"))\n'


def _join_racket(source: str, tests: str) -> str:
    return f"{source if '#lang' in source else f'#lang racket{chr(10)}{source}'}\n{tests}\n"


def _scheme(tests: str, nonce: str) -> str | None:
    """The last `(test-end)` of SRFI 64 forgets what was counted."""
    if leaves(tests, "exit"):
        return None
    if "(test-begin" in tests:
        count = (
            "(let ((runner (test-runner-current))) (unless (zero? (+ (test-runner-fail-count runner)"
            " (test-runner-xpass-count runner))) (exit 1)))\n"
        )
        before, ended, after = tests.rpartition("(test-end")
        tests = f"{before}{count}{ended}{after}" if ended else f"{tests}\n{count}"
    return f'{tests}\n(display "\\n{nonce}")\n'


def _commonlisp(tests: str, nonce: str) -> str | None:
    if leaves(tests, "exit|quit"):
        return None
    return f'{tests}\n(format t "~%{nonce}")\n'


_CLOJURE_COUNT = """
(require 'clojure.test)
(def reward-failures (atom 0))
(doseq [kind [:fail :error]]
  (let [report (get-method clojure.test/report kind)]
    (.addMethod clojure.test/report kind (fn [event] (swap! reward-failures inc) (report event)))))
"""


def _clojure(tests: str, nonce: str) -> str | None:
    if leaves(tests, "System/exit"):
        return None
    counted = "clojure.test" in tests
    start, check = (_CLOJURE_COUNT, "(when (pos? @reward-failures) (System/exit 1))\n") if counted else ("", "")
    return f'{start}{tests}\n{check}(print "\\n{nonce}")\n(flush)\n'


def _elixir(tests: str, nonce: str) -> str | None:
    if leaves(tests, r"System\.(?:halt|stop)"):
        return None
    if "ExUnit" in tests:
        tests = re.sub(r"^ExUnit\.start\b.*$", "", tests, flags=re.MULTILINE)
        tests = f"ExUnit.start(autorun: false)\n{tests}\nif ExUnit.run().failures > 0, do: System.halt(1)\n"
    return f'{tests}\nIO.write("\\n{nonce}")\n'


ENDINGS = {
    "haskell": Ending(_haskell, _join_haskell),
    "ocaml": Ending(_ocaml),
    "racket": Ending(_racket, _join_racket),
    "scheme": Ending(_scheme),
    "commonlisp": Ending(_commonlisp),
    "clojure": Ending(_clojure),
    "elixir": Ending(_elixir),
}
