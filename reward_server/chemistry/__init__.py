"""Chemistry as texts: formulas and equations read natively, molecules by RDKit where it can be ended."""
