"""`molecule`: a SMILES that is the same molecule, a formula of the same atoms, or an equation that balances.

- `smiles`: canonical SMILES of RDKit are equal, in a worker under a bound of CPU time. Stereochemistry and isotopes
  count unless `stereo` is false; tautomers, charges and salts are other molecules. Needs the extra `molecule`.
- `formula`: the same atoms and charge in any order and spelling (`C2H6O`, `CH3CH2OH`).
- `equation`: the species of the ground truth on each side, in balance, with the smallest integers as coefficients.

The answer is taken letter by letter: a tag (`<answer>`, `<SMILES>`, `<MOLFORMULA>`), a fenced block, inline code, a box
or announcement, or the whole text where it is one line. Two different ones are none.
"""

import importlib.util
import re
from dataclasses import dataclass
from typing import Any, Literal

from reward_server.chemistry.formulas import Equation, NotChemistry, Species, read_equation, read_species
from reward_server.chemistry.molecules import Compared, Molecules, compare_molecules
from reward_server.documents.verbatim import find_verbatim
from reward_server.errors import NotInstalled, ServiceError, TaskError, WorkerError
from reward_server.extraction.region import final_region
from reward_server.graders import Completion, Example, Grader, Resources, Task
from reward_server.verdict import Outcome, Verdict

_SHOWN = 300
_LONGEST = 1_000
_CPU_SECONDS = 2.0
_LANGUAGES = frozenset(("", "smiles", "text", "txt", "chem"))
_TAGS = ("answer", "SMILES", "smiles", "MOLFORMULA")
_SMILES = re.compile(r"[A-Za-z0-9@+\-\[\]()=#$:/\\.%*~]+")
_NAMED = re.compile(
    r"(?:the\s+)?(?:(?:correct|final|resulting|canonical|isomeric|molecular|chemical|empirical|balanced)\s+)*"
    r"(?:smiles(?:\s+string)?|formula|equation)(?:\s*[:：]|\s+is\b\s*[:：]?)\s*",
    re.IGNORECASE,
)
"""What names that which is asked for, in front of the answer."""
_TEXT = re.compile(r"\\(?:text|mathrm|texttt|ce)\{(.*)\}")
_LACKING = "SMILES are not compared where RDKit is not installed: `pip install rdkit` into the server's environment"


class MoleculeTask(Task):
    """Grade a molecule, a formula or a chemical equation."""

    kind: Literal["molecule"] = "molecule"
    ground_truth: str | list[str]
    """The right SMILES, formula or equation; a list means any of them. An equation may stand unbalanced."""
    mode: Literal["smiles", "formula", "equation"] = "smiles"
    """What the answer is."""
    stereo: bool = True
    """With `smiles`: whether stereochemistry and isotopes count."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    mode: str
    texts: tuple[str, ...]
    species: tuple[Species, ...]
    equations: tuple[Equation, ...]
    stereo: bool


def lacking(_resources: Resources | None = None) -> str:
    """Return what to install, empty where nothing is missing."""
    return "" if importlib.util.find_spec("rdkit") else _LACKING


def compile_task(task: MoleculeTask) -> _Compiled:
    """Read the ground truth.

    Raises:
        TaskError: it is empty, or no formula or equation; a SMILES is read where it is compared.
    """
    given = [task.ground_truth] if isinstance(task.ground_truth, str) else task.ground_truth
    texts = tuple(dict.fromkeys(text.strip() for text in given))
    if not texts or not all(texts):
        raise TaskError("ground_truth: must not be empty")
    species: tuple[Species, ...] = ()
    equations: tuple[Equation, ...] = ()
    try:
        if task.mode == "formula":
            species = tuple(map(read_species, texts))
        elif task.mode == "equation":
            equations = tuple(map(read_equation, texts))
    except NotChemistry as error:
        raise TaskError(f"ground_truth: {error}") from None
    for text in texts if task.mode == "smiles" else ():
        if len(text) > _LONGEST or not _SMILES.fullmatch(text):
            raise TaskError(f"ground_truth: {text[:60]!r} is no SMILES")
    for equation in equations:
        if _elements(equation.left) != _elements(equation.right):
            raise TaskError("ground_truth: an element stands on one side alone, so that nothing balances it")
    return _Compiled(task.mode, texts, species, equations, task.stereo)


def _elements(side: dict[Species, int]) -> set[str]:
    return {element for species in side for element, _ in species.atoms}


def _answer(completion: Completion) -> tuple[str, str]:
    answer, rule = find_verbatim(completion.text, _LANGUAGES, _TAGS)
    if rule in {"whole_text", "none"} and "\n" not in (named := _behind_its_name(completion)):
        answer, rule = (named, "named") if named else (answer, rule)
    inside = _TEXT.fullmatch(answer.strip()) if rule == "boxed" else None
    return (inside[1] if inside else answer).strip(), rule


def _behind_its_name(completion: Completion) -> str:
    """Return what stands behind "SMILES:" or "The formula is", without a full stop; empty where nothing does."""
    plain = final_region(completion.text).text.replace("**", "").strip()
    named = _NAMED.match(plain)
    return plain[named.end() :].removesuffix(".").strip() if named else ""


def fast(compiled: _Compiled, completion: Completion) -> Verdict | None:
    """Decide formulas and equations, and of SMILES what is none or is written as the ground truth is."""
    answer, rule = _answer(completion)
    evidence: dict[str, Any] = {
        "method": compiled.mode, "extraction": rule, "ground_truth": compiled.texts[0][:_SHOWN]
    }  # fmt: skip
    if not answer:
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
    if len(answer) > _LONGEST:
        return _wrong(answer, evidence | {"method": "beyond_bounds"})
    if compiled.mode == "smiles":
        if answer in compiled.texts:
            return Verdict(Outcome.CORRECT, 1.0, answer[:_SHOWN], evidence | {"method": "same_text"})
        return None if _SMILES.fullmatch(answer) else _wrong(answer, evidence | {"reason": "no SMILES"})
    reason = _difference(compiled, answer)
    if reason:
        return _wrong(answer, evidence | {"reason": reason})
    return Verdict(Outcome.CORRECT, 1.0, answer[:_SHOWN], evidence)


def _wrong(answer: str, evidence: dict[str, Any]) -> Verdict:
    return Verdict(Outcome.INCORRECT, 0.0, answer[:_SHOWN], evidence)


def _difference(compiled: _Compiled, answer: str) -> str:
    """Return why a formula or an equation is not right, empty where it is."""
    try:
        if compiled.mode == "formula":
            given = read_species(answer)
            return "" if given in compiled.species else f"{_spelled(given)} is not {_spelled(compiled.species[0])}"
        equation = read_equation(answer)
    except NotChemistry as error:
        return str(error)
    if not any(_same_sides(equation, known) for known in compiled.equations):
        return "other species than those of the ground truth, or on the other side"
    if open_ends := equation.balance():
        return (
            f"not balanced: {', '.join(f'{count:+d} {name}' for name, count in sorted(open_ends.items()))} on the left"
        )
    divisor = equation.common_divisor
    return "" if divisor == 1 else f"every coefficient can be divided by {divisor}"


def _same_sides(one: Equation, other: Equation) -> bool:
    return set(one.left) == set(other.left) and set(one.right) == set(other.right)


def _spelled(species: Species) -> str:
    charge = f" charge {species.charge:+d}" if species.charge else ""
    return "".join(f"{element}{count if count > 1 else ''}" for element, count in species.atoms) + charge


async def slow(compiled: _Compiled, completion: Completion, resources: Resources) -> Verdict:
    """Compare SMILES in a worker.

    Raises:
        TaskError: the ground truth is no molecule.
        ServiceError: RDKit is not installed, there are no workers, or they failed on the ground truth alone as well.
    """
    answer, rule = _answer(completion)
    if lacking() or resources.workers is None:
        if missing := lacking():
            raise NotInstalled(missing)
        raise ServiceError("this process has no workers in which RDKit could run")
    evidence: dict[str, Any] = {
        "method": "canonical_smiles", "extraction": rule, "ground_truth": compiled.texts[0][:_SHOWN]
    }  # fmt: skip
    try:
        ran = await resources.workers.run(
            compare_molecules, Molecules(compiled.texts, answer, compiled.stereo), _CPU_SECONDS
        )
    except WorkerError:  # does it die of the answer, or of something of ours? The ground truth alone tells.
        await resources.workers.run(compare_molecules, Molecules(compiled.texts, "C", compiled.stereo), _CPU_SECONDS)
        return _wrong(answer, evidence | {"method": "beyond_bounds", "reason": "RDKit did not survive it"})
    if ran.exceeded is not None:
        return _wrong(answer, evidence | {"method": "beyond_bounds", "reason": f"more than its {ran.exceeded}"})
    compared: Compared = ran.value
    if compared.unreadable:
        raise TaskError(f"ground_truth: {compared.unreadable[:60]!r} is no molecule")
    evidence |= {"canonical": compared.canonical}
    if compared.canonical is None:
        return _wrong(answer, evidence | {"reason": "no molecule"})
    if compared.matched is None:
        return _wrong(answer, evidence)
    return Verdict(Outcome.CORRECT, 1.0, answer[:_SHOWN], evidence | {"ground_truth": compared.matched[:_SHOWN]})


_ASPIRIN = {"kind": "molecule", "ground_truth": "CC(=O)Oc1ccccc1C(=O)O"}
_WATER = {"kind": "molecule", "mode": "equation", "ground_truth": "H2 + O2 -> H2O"}

GRADER = Grader(
    task=MoleculeTask,
    version=4,
    compile=compile_task,
    fast=fast,
    slow=slow,
    lacking=lacking,
    cache_key=lambda _compiled, completion: "\0".join(_answer(completion)),
    estimate_cpu_seconds=lambda _compiled: 0.01,
    state=lambda compiled: f"<answer>{compiled.texts[0]}</answer>" if compiled.mode != "equation" else None,
    examples=[
        Example(_ASPIRIN, "<answer>OC(=O)C1=CC=CC=C1OC(C)=O</answer>", Outcome.CORRECT),
        Example(_ASPIRIN, "<answer>OC(=O)C1=CC=CC=C1OC(C)=C</answer>", Outcome.INCORRECT),
        Example(_WATER, "2 H2 + O2 -> 2 H2O", Outcome.CORRECT),
        Example(_WATER, "H2 + O2 -> H2O", Outcome.INCORRECT),
        Example(
            {"kind": "molecule", "mode": "formula", "ground_truth": "C2H6O"}, r"\boxed{CH_3CH_2OH}", Outcome.CORRECT
        ),
        Example(_ASPIRIN, "", Outcome.NO_ANSWER),
    ],
)
