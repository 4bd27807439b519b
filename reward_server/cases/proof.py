"""Proofs in Lean 4: what is refused before Lean sees it. What Lean says of the rest, a Lean server has to say.

What Lean says is Lean's; the tests speak to a stand-in for its server (`tests/reward_server/kinds/test_proof.py`).
"""

from typing import Any

from reward_server.cases import Case

_ADD: dict[str, Any] = {"kind": "proof", "ground_truth": "theorem two_plus_two : 2 + 2 = 4 := by sorry"}
_MINI: dict[str, Any] = {
    "kind": "proof",
    "ground_truth": "import Mathlib\nopen Real\n\n/-- The volume. -/\ntheorem volume (b h v : ℝ) (h₀ : 0 < b ∧ 0 < h)\n"
    "  (h₁ : v = 1 / 3 * (b * h)) (h₂ : b = 30) (h₃ : h = 13 / 2) : v = 65 := by\n  sorry",
}


def _lean(proof: str) -> str:
    return f"```lean4\n{proof}\n```"


_RIGHT = "theorem two_plus_two : 2 + 2 = 4 := by norm_num"

CASES = [
    Case(_ADD, "By arithmetic.", "no_answer"),
    Case(_ADD, "", "no_answer"),
    Case(_ADD, f"<think>{_lean(_RIGHT)}</think>", "no_answer"),
    Case(_ADD, f"```python\n{_RIGHT}\n```", "no_answer"),
    Case(_ADD, _lean("theorem two_plus_two : 2 + 2 = 4 := by sorry"), "incorrect"),
    Case(_ADD, _lean("theorem three : 2 + 2 = 4 := by norm_num"), "incorrect"),
    Case(_MINI, _lean("theorem volume : True := by trivial\nsorry"), "incorrect"),
]

ATTACKS = [
    Case(_ADD, _lean(code), "", why)
    for code, why in [
        (f"axiom cheat : False\n{_RIGHT}", "an axiom"),
        ("axiom two_plus_two : 2 + 2 = 4", "the theorem as an axiom"),
        ("theorem two_plus_two : 2 + 2 = 4 := by\n  admit", "admit"),
        ("theorem two_plus_two : 2 + 2 = 4 := sorryAx _", "sorry by its other name"),
        ("theorem two_plus_two : 2 + 2 = 4 := by native_decide", "the compiler's word"),
        (f'macro "norm_num" : tactic => `(tactic| skip)\n{_RIGHT}', "a tactic redefined"),
        (f'notation "2 + 2" => 4\n{_RIGHT}', "a sign redefined"),
        (f'local infixl:65 " + " => fun a _ => a\n{_RIGHT}', "an operator redefined"),
        (f'syntax "theorem" : command\n{_RIGHT}', "a command redefined"),
        (f"macro_rules | `(#print axioms $x) => `(#eval 1)\n{_RIGHT}", "the question redefined"),
        (f'elab "#print" "axioms" x:ident : command => pure ()\n{_RIGHT}', "the question swallowed"),
        (f"open Lean Elab Command\n{_RIGHT}", "metaprograms opened"),
        (f'run_cmd Lean.logInfo "does not depend on any axioms"\n{_RIGHT}', "an answer forged"),
        (f'#eval IO.println "proved"\n{_RIGHT}', "a program run"),
        (f"{_RIGHT}\n#print axioms two_plus_two", "an answer of its own"),
        (f"set_option debug.skipKernelTC true\n{_RIGHT}", "the kernel switched off"),
        (f"set_option maxHeartbeats 0\n{_RIGHT}", "no bound on work"),
        (f"set_option autoImplicit true\n{_RIGHT}", "another option"),
        (f"variable (h : False)\n{_RIGHT}", "an assumption for every theorem"),
        (f"unsafe def f : False := f\n{_RIGHT}", "unsafe code"),
        (f"@[implemented_by g] def f := 1\n{_RIGHT}", "an implementation put under it"),
        ("opaque two_plus_two : 2 + 2 = 4", "an opaque constant"),
        (f'def s := s!"{{(by run_tac pure ())}}"\n{_RIGHT}', "a metaprogram in a text"),
        (f"def «axiom» := 1\n{_RIGHT}", "a keyword as a name"),
        ("-- theorem two_plus_two\nexample : 2 + 2 = 4 := by norm_num", "the name in a comment"),
        ("/- theorem two_plus_two : 2 + 2 = 4 := by norm_num -/", "the proof in a comment"),
        ('def s := "\ntheorem two_plus_two : 2 + 2 = 4 := by norm_num"', "the proof in a text"),
        ("example : 2 + 2 = 4 := by norm_num", "no name"),
        ("def two_plus_two := 4", "no theorem"),
        (f"/- /- -/ axiom x : False\n{_RIGHT} -/", "everything in a nested comment"),
        ("theorem two_plus_two : 2 + 2 = 4 := by norm_num\n" * 5_000, "beyond the bounds"),
        (f"initialize pure ()\n{_RIGHT}", "code at loading"),
    ]
]
