"""Are two SMILES the same molecule? By RDKit, as a plain function of plain values, for a worker that can be ended."""

from typing import Any, NamedTuple


class Molecules(NamedTuple):
    """The SMILES of a task and of an answer."""

    accepted: tuple[str, ...]
    answer: str
    stereo: bool


class Compared(NamedTuple):
    """What RDKit makes of them."""

    matched: str | None
    """The accepted SMILES that is the same molecule."""
    canonical: str | None
    """The answer as RDKit writes it; None where it is no molecule."""
    unreadable: str = ""
    """An accepted SMILES that is no molecule."""


def compare_molecules(question: Molecules) -> Compared:
    """Compare canonical SMILES; with `stereo` false without stereochemistry and isotopes."""
    from rdkit import Chem, RDLogger  # noqa: PLC0415 - an extra, and loaded in workers alone

    logger: Any = RDLogger  # its functions are made at run time, whether or not stubs are installed
    logger.DisableLog("rdApp.*")

    def canonical(smiles: str) -> str | None:
        molecule = Chem.MolFromSmiles(smiles)
        if molecule is None or not molecule.GetNumAtoms():
            return None
        return str(Chem.MolToSmiles(Chem.RemoveHs(molecule), isomericSmiles=question.stereo))

    answer = canonical(question.answer)
    for accepted in question.accepted:
        known = canonical(accepted)
        if known is None:
            return Compared(None, answer, accepted)
        if known == answer:
            return Compared(accepted, answer)
    return Compared(None, answer)
