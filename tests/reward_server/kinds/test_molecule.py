"""Formulas and molecules agree with RDKit, equations with a solver over the rationals."""

import random
from collections import Counter

import pytest

from reward_server.chemistry.formulas import read_equation, read_species
from reward_server.chemistry.molecules import Molecules, compare_molecules

Chem = pytest.importorskip("rdkit.Chem", reason="no rdkit: the extra `molecule` is not installed")
descriptors = pytest.importorskip("rdkit.Chem.rdMolDescriptors")

_SMILES = [
    "CCO", "CC(=O)O", "c1ccccc1", "CC(=O)Oc1ccccc1C(=O)O", "C[C@H](N)C(=O)O", "C/C=C/C", "C/C=C\\C", "[Na+].[Cl-]",
    "CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O", "C1CCCCC1", "c1ccc2ccccc2c1", "CC#N",
    "O=C=O", "[NH4+]", "[O-]S(=O)(=O)[O-]", "FC(F)(F)F", "ClC(Cl)Cl", "BrCCBr", "CS(C)=O", "CP(C)C", "c1ccncc1",
    "c1ccoc1", "c1ccsc1", "C1=CC=CN1", "NC(=O)N", "N[C@@H](CS)C(=O)O", "CC(C)Cc1ccc(C(C)C(=O)O)cc1",
    "CC(=O)Nc1ccc(O)cc1", "C1CC2CCC1C2", "OO", "[2H]O[2H]", "CC(C)(C)C", "C=CC=C", "C1CO1", "N#N", "S", "O=O",
    "CCCCCCCC",
    "OC(=O)CC(O)(CC(=O)O)C(=O)O",
]  # fmt: skip


@pytest.mark.parametrize("smiles", _SMILES)
def test_every_spelling_of_a_molecule_is_that_molecule_and_no_other(smiles: str):
    molecule = Chem.MolFromSmiles(smiles)
    spellings = Chem.MolToRandomSmilesVect(molecule, 6, randomSeed=5)
    for spelling in spellings:
        assert compare_molecules(Molecules((smiles,), spelling, stereo=True)).matched == smiles, spelling
    others = tuple(other for other in _SMILES if other != smiles)
    assert compare_molecules(Molecules(others, smiles, stereo=True)).matched is None


@pytest.mark.parametrize("smiles", _SMILES)
def test_formulas_are_those_of_rdkit(smiles: str):
    molecule = Chem.AddHs(Chem.MolFromSmiles(smiles))
    charge = sum(atom.GetFormalCharge() for atom in molecule.GetAtoms())
    written = descriptors.CalcMolFormula(molecule)
    if abs(charge) > 1:  # RDKit writes `O4S-2`
        written = f"{written.removesuffix(f'{charge:+d}')}^{{{charge:+d}}}"
    counts = Counter(atom.GetSymbol() for atom in molecule.GetAtoms())
    assert read_species(written) == (tuple(sorted(counts.items())), charge)


@pytest.mark.parametrize("seed", range(200))
def test_balance_is_what_sums_say(seed: int):
    chosen = random.Random(seed)
    elements = chosen.sample(["C", "H", "O", "N", "Fe", "S"], 3)
    side = [{element: chosen.randint(1, 4) for element in chosen.sample(elements, 2)} for _ in range(4)]
    numbers = [chosen.randint(1, 5) for _ in side]
    terms = [
        f"{number} {''.join(f'{e}{n}' for e, n in species.items())}"
        for number, species in zip(numbers, side, strict=True)
    ]
    found = read_equation(f"{terms[0]} + {terms[1]} -> {terms[2]} + {terms[3]}").balance()
    expected = {
        element: sum(
            sign * number * species.get(element, 0)
            for sign, number, species in zip((1, 1, -1, -1), numbers, side, strict=True)
        )
        for element in elements
    }
    assert found == {element: count for element, count in expected.items() if count}
