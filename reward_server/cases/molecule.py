"""Molecules, formulas and equations: other spellings of the same, and near misses that look the same.

Measured against others: six random spellings of each of 40 molecules are that molecule and no other, formulas are those
of RDKit, and 200 equations balance where sums over their atoms say so
(`tests/reward_server/kinds/test_molecule.py`). No differences.
"""

from typing import Any

from reward_server.cases import Case

_ASPIRIN: dict[str, Any] = {"kind": "molecule", "ground_truth": "CC(=O)Oc1ccccc1C(=O)O"}
_ALANINE: dict[str, Any] = {"kind": "molecule", "ground_truth": "C[C@H](N)C(=O)O"}
_FLAT = _ALANINE | {"stereo": False}
_BUTENE: dict[str, Any] = {"kind": "molecule", "ground_truth": "C/C=C/C"}
_SALT: dict[str, Any] = {"kind": "molecule", "ground_truth": "[Na+].[Cl-]"}
_TWO: dict[str, Any] = {"kind": "molecule", "ground_truth": ["CCO", "CO"]}
_ETHANOL: dict[str, Any] = {"kind": "molecule", "mode": "formula", "ground_truth": "C2H6O"}
_SULFATE = _ETHANOL | {"ground_truth": "SO4^{2-}"}
_VITRIOL = _ETHANOL | {"ground_truth": "CuSO4·5H2O"}
_WATER: dict[str, Any] = {"kind": "molecule", "mode": "equation", "ground_truth": "H2 + O2 -> H2O"}
_IRON = _WATER | {"ground_truth": "MnO4^- + Fe^{2+} + H+ -> Mn^{2+} + Fe^{3+} + H2O"}
_BROKEN_RING = "C1CC"


def _answer(text: str) -> str:
    return f"<answer>{text}</answer>"


CASES = [
    Case(_ASPIRIN, _answer("CC(=O)Oc1ccccc1C(=O)O"), "correct"),
    Case(_ASPIRIN, _answer("OC(=O)C1=CC=CC=C1OC(C)=O"), "correct", "Kekulé's spelling"),
    Case(_ASPIRIN, "<SMILES> O=C(O)c1ccccc1OC(C)=O </SMILES>", "correct"),
    Case(_ASPIRIN, "```smiles\nO=C(C)Oc1ccccc1C(=O)O\n```", "correct"),
    Case(_ASPIRIN, "It is `O=C(C)Oc1ccccc1C(=O)O`.\nThat is aspirin.", "correct"),
    Case(_ASPIRIN, "<think>C</think>O=C(C)Oc1ccccc1C(=O)O", "correct"),
    Case(_ASPIRIN, _answer("[H]OC(=O)c1ccccc1OC(C)=O"), "correct", "a hydrogen written out"),
    Case(_ASPIRIN, _answer("OC(=O)c1ccccc1O"), "incorrect"),
    Case(_ASPIRIN, _answer("CC(=O)Oc1cccc(C(=O)O)c1"), "incorrect", "an isomer"),
    Case(_ASPIRIN, "", "no_answer"),
    Case(_ASPIRIN, "It is aspirin.\nI know it.", "no_answer"),
    Case(_ALANINE, _answer("OC(=O)[C@@H](N)C"), "correct"),
    Case(_ALANINE, _answer("N[C@@H](C)C(=O)O"), "correct"),
    Case(_ALANINE, _answer("C[C@@H](N)C(=O)O"), "incorrect", "the mirror image"),
    Case(_ALANINE, _answer("CC(N)C(=O)O"), "incorrect", "no stereochemistry"),
    Case(_FLAT, _answer("CC(N)C(=O)O"), "correct"),
    Case(_FLAT, _answer("C[C@@H](N)C(=O)O"), "correct"),
    Case(_BUTENE, _answer("C\\C=C\\C"), "correct"),
    Case(_BUTENE, _answer("C/C=C\\C"), "incorrect", "cis for trans"),
    Case(_SALT, _answer("[Cl-].[Na+]"), "correct"),
    Case(_SALT, _answer("[Na]Cl"), "incorrect"),
    Case(_TWO, _answer("OC"), "correct"),
    Case(_ETHANOL, _answer("CH3CH2OH"), "correct"),
    Case(_ETHANOL, r"\boxed{\ce{C2H5OH}}", "correct"),
    Case(_ETHANOL, _answer("C₂H₆O"), "correct"),
    Case(_ETHANOL, "<MOLFORMULA> OC2H6 </MOLFORMULA>", "correct"),
    Case(_ETHANOL, _answer("C2H4O"), "incorrect"),
    Case(_SULFATE, _answer("SO₄²⁻"), "correct"),
    Case(_SULFATE, _answer("SO4"), "incorrect"),
    Case(_SULFATE, _answer("SO3^{2-}"), "incorrect"),
    Case(_VITRIOL, _answer("CuSO4 · 5 H2O"), "correct"),
    Case(_VITRIOL, _answer("CuSO4"), "incorrect"),
    Case(_WATER, _answer("2 H2 + O2 -> 2 H2O"), "correct"),
    Case(_WATER, _answer("O2 + 2H2 → 2H2O"), "correct"),
    Case(_WATER, r"\boxed{2H_2 + O_2 \rightarrow 2H_2O}", "correct"),
    Case(_WATER, _answer("2 H2(g) + O2(g) -> 2 H2O(l)"), "correct"),
    Case(_WATER, _answer("2H2+O2=2H2O"), "correct"),
    Case(_WATER, _answer("H2 + O2 -> H2O2"), "incorrect"),
    Case(_IRON, _answer("MnO4^- + 5 Fe^{2+} + 8 H^+ -> Mn^{2+} + 5 Fe^{3+} + 4 H2O"), "correct"),
    Case(_IRON, _answer("MnO4^- + Fe^{2+} + 8 H^+ -> Mn^{2+} + Fe^{3+} + 4 H2O"), "incorrect", "the charge is open"),
]

_CAGE = "".join(f"C%{n:02}" for n in range(1, 90)) * 2

ATTACKS = [
    Case(_ASPIRIN, completion, "", why)
    for completion, why in [
        (_answer("*"), "any atom"),
        (_answer("[*]" * 13), "thirteen of any atom"),
        (_answer(_BROKEN_RING), "an open ring"),
        (_answer("c1ccccc1C(=O"), "an open branch"),
        (_answer("C(C)(C)(C)(C)C"), "five bonds"),
        (_answer("CC(=O)Oc1ccccc1C(=O)O.C"), "something beside it"),
        (_answer("CC(=O)Oc1ccccc1C(=O)O.CC(=O)Oc1ccccc1C(=O)O"), "twice"),
        (_answer("CC(=O)Oc1ccccc1C(=O)[O-]"), "the ion"),
        (_answer("CC(=O)Oc1ccccc1C(=O)OC"), "the ester"),
        (_answer("CC(=O)Oc1ccccc1C(=O)O or CCO"), "two molecules in words"),
        (_answer("CC(=O)Oc1ccccc1C(=O)O") + _answer("CCO"), "two answers"),
        ("`CCO` or `CC(=O)Oc1ccccc1C(=O)O`", "two pieces of code"),
        ("<think>CC(=O)Oc1ccccc1C(=O)O</think>", "only in the thinking"),
        (_answer("CC(=O)Oc1ccccc1C(=O)O>>CCO"), "a reaction"),
        (_answer("[13CH3]C(=O)Oc1ccccc1C(=O)O"), "an isotope"),
        (_answer("Aspirin"), "its name"),
        (_answer("C9H8O4"), "its formula"),
        (_answer("InChI=1S/C9H8O4/c1-6(10)13-8-5-3-2-4-7(8)9(11)12/h2-5H,1H3,(H,11,12)"), "another notation"),
        (_answer("C" * 5_000), "five thousand carbons"),
        (_answer(_CAGE), "rings over rings"),
        (_answer("C1" * 400), "one ring closed over and over"),
        (_answer("(" * 900), "opened nine hundred times"),
        (_answer("[" * 900), "brackets opened nine hundred times"),
        (_answer("[U+99]" * 150), "impossible charges"),
        (_answer("%00%99"), "ring numbers alone"),
        (_answer("."), "nothing beside nothing"),
        (_answer("\u200bCC(=O)Oc1ccccc1C(=O)O\u0421"), "a Cyrillic letter"),
    ]
]
ATTACKS += [
    Case(_ETHANOL, _answer("C2H6O C2H4O"), "", "two formulas"),
    Case(_ETHANOL, _answer("C2H6O+"), "", "an ion"),
    Case(_ETHANOL, _answer("C2H6Ox"), "", "a letter behind"),
    Case(_ETHANOL, _answer("C2H6O0"), "", "a count of none"),
    Case(_ETHANOL, _answer("C02H6O"), "", "a zero in front"),
    Case(_ETHANOL, _answer("C999999999999H6O"), "", "a count beyond bounds"),
    Case(_ETHANOL, _answer("(" * 500 + "C2H6O" + ")" * 500), "", "nested five hundred times"),
    Case(_WATER, _answer("H2 + O2 -> H2O"), "", "not balanced"),
    Case(_WATER, _answer("4 H2 + 2 O2 -> 4 H2O"), "", "not the smallest"),
    Case(_WATER, _answer("0 H2 + 0 O2 -> 0 H2O"), "", "nothing of everything"),
    Case(_WATER, _answer("2 H2 + O2 + N2 -> 2 H2O + N2"), "", "a bystander"),
    Case(_WATER, _answer("2 H2O -> 2 H2 + O2"), "", "turned round"),
    Case(_WATER, _answer("2 H2 + O2 -> 2 H2O -> 2 H2 + O2"), "", "two arrows"),
    Case(_WATER, _answer("-2 H2 + -1 O2 -> -2 H2O"), "", "negative coefficients"),
    Case(_WATER, _answer("H4 + O2 -> H4O2"), "", "species that balance by themselves"),
    Case(_WATER, _answer("2 H2 + O2"), "", "one side"),
    Case(_IRON, _answer("MnO4^- + Fe^{2+} + 8 H+ + 4 e- -> Mn^{2+} + Fe^{3+} + 4 H2O"), "", "electrons fill up"),
]
CASES += [
    Case(_ASPIRIN, r"\boxed{OC(=O)c1ccccc1OC(C)=O}", "correct", "a box alone"),
    Case(_ASPIRIN, r"The molecule is $\boxed{OC(=O)c1ccccc1OC(C)=O}$.", "correct"),
    Case(_ALANINE, r"\boxed{\text{N[C@@H](C)C(=O)O}}", "correct"),
    Case(_ASPIRIN, "SMILES: OC(=O)c1ccccc1OC(C)=O", "correct", "behind its name"),
    Case(_ASPIRIN, "The SMILES is OC(=O)c1ccccc1OC(C)=O.", "correct"),
    Case(_ASPIRIN, "**SMILES:** OC(=O)c1ccccc1OC(C)=O", "correct"),
    Case(_ETHANOL, "Molecular formula: C2H6O", "correct"),
    Case(_ETHANOL, "The molecular formula is C2H6O.", "correct"),
    Case(_ETHANOL, r"\(\mathrm{C_2H_6O}\)", "correct"),
    Case(_ETHANOL, r"\[\ce{C2H6O}\]", "correct"),
    Case(_SULFATE, "[SO4]2-", "correct", "a charge behind brackets"),
    Case(_ETHANOL | {"ground_truth": "Fe3+"}, "[Fe]3+", "correct", "one element in brackets"),
    Case(_SULFATE, "[SO4]2", "incorrect", "two of them"),
    Case(_WATER, "The balanced equation is:\n\n2 H2 + O2 → 2 H2O", "correct", "behind its name, on a line of its own"),
    Case(_WATER, "Balanced equation: 2H2 + O2 -> 2H2O", "correct"),
]
ATTACKS += [
    Case(_ASPIRIN, r"\boxed{CCO} or \boxed{OC(=O)c1ccccc1OC(C)=O}", "", "two boxes"),
    Case(_ASPIRIN, "SMILES: CCO or OC(=O)c1ccccc1OC(C)=O", "", "two behind a name"),
    Case(_ASPIRIN, "SMILES: OC(=O)c1ccccc1OC(C)=O\nSMILES: CCO", "", "two named ones"),
    Case(_ASPIRIN, "The SMILES is not OC(=O)c1ccccc1OC(C)=O", "", "denied"),
    Case(_ETHANOL, "The formula is C2H6O or C2H4O.", "", "two behind a name"),
    Case(_ETHANOL, "The empirical formula is not C2H6O.", "", "denied"),
    Case(_WATER, "The balanced equation is:\nH2 + O2 -> H2O\n2H2 + O2 -> 2H2O", "", "two behind a name"),
]
