"""Which puzzle is decided how, by reasoning-gym's names for its 106 and by those of other data sets."""

import difflib
from collections.abc import Callable

from reward_server.puzzles import arithmetic, equality, graphs, grids, letters, logic, moves
from reward_server.puzzles.data import Check, Data
from reward_server.puzzles.library import REFUSED

SOLUTIONS: dict[str, Callable[[Data], Check]] = {
    "cryptarithm": letters.cryptarithm,
    "futoshiki": grids.futoshiki,
    "graph_color": graphs.colouring,
    "group_anagrams": letters.anagrams,
    "jugs": moves.jugs,
    "kakurasu": grids.kakurasu,
    "knight_swap": moves.knight_swap,
    "knights_knaves": logic.knights,
    "mini_sudoku": grids.sudoku,
    "n_queens": grids.queens,
    "palindrome_generation": letters.palindrome,
    "palindrome_partitioning": letters.partitions,
    "prime_factorization": letters.factors,
    "quantum_lock": moves.lock,
    "shortest_path": graphs.shortest_way,
    "sokoban": moves.sokoban,
    "sudoku": grids.sudoku,
    "survo": grids.survo,
    "tower_of_hanoi": moves.hanoi,
    "word_sorting": letters.sorted_words,
    "zebra_table": logic.zebra_table,
}
"""Any solution of these is right: they are checked against the puzzle's own data."""
EXPRESSIONS: dict[str, int | None] = {"countdown": None, "puzzle24": 24}
"""Expressions and the target where the row gives none."""
_PLAIN = ("ab", "bf", "emoji_mystery", "self_reference", "sentence_reordering", "string_insertion",
          "string_manipulation", "modulo_grid", "word_sequence_reversal")  # fmt: skip
_ANY_CASE = ("acre", "base_conversion", "caesar_cipher", "circuit_logic", "color_cube_rotation", "course_schedule",
             "family_relationships", "game_of_life_halting", "isomorphic_strings", "letter_jumble", "mahjong_puzzle",
             "ransom_note", "spell_backward", "syllogism", "time_intervals", "tsumego", "zebra_puzzles")  # fmt: skip
_NUMBERS = ("aiw", "basic_arithmetic", "binary_alternation", "bitwise_arithmetic", "chain_sum", "count_bits",
            "count_primes", "decimal_chain_sum", "gcd", "gsm_symbolic", "largest_island", "lcm", "leg_counting",
            "letter_counting", "maze", "number_format", "number_sequence", "products", "rectangle_count",
            "rotten_oranges", "simple_equations", "simple_geometry")  # fmt: skip
_GRIDS = ("arc_1d", "arc_agi", "binary_matrix", "game_of_life", "manipulate_matrix", "path_star", "rearc",
          "rotate_matrix", "spiral_matrix", "string_splitting", "string_synthesis")  # fmt: skip
_LISTS = ("codeio", "list_functions", "number_filtering", "number_sorting")
ANSWERS: dict[str, equality.Compile] = {
    **dict.fromkeys(_PLAIN, equality.text()),
    **dict.fromkeys(_ANY_CASE, equality.text(case=False)),
    **dict.fromkeys(("figlet_font", "needle_haystack"), equality.text(case=False, blanks=False)),
    **dict.fromkeys(_NUMBERS, equality.value),
    **dict.fromkeys(_GRIDS, equality.grid()),
    **dict.fromkeys(_LISTS, equality.listing),
    "advanced_geometry": equality.measured,
    "calendar_arithmetic": equality.value_or_text,
    "coin_flip": equality.rounded(3),
    "decimal_arithmetic": equality.rounded(10),
    "dice": equality.reduced_fraction,
    "fraction_simplification": equality.reduced_fraction,
    "polynomial_equations": equality.roots,
    "pool_matrix": equality.grid(0.0051),
    "power_function": equality.rounded(3),
}
"""These have one answer, which is compared."""
MATHEMATICS = frozenset(
    ("complex_arithmetic", "intermediate_integration", "polynomial_multiplication", "simple_integration")
)
"""Their answers are compared as mathematics, as in kind `math`."""
LIBRARY = frozenset(("boxnet", "rubiks_cube", "rush_hour", "word_ladder"))
"""These are scored by reasoning-gym itself."""
OTHER_NAMES = {
    "24": "puzzle24", "24_game": "puzzle24", "game24": "puzzle24", "game_24": "puzzle24", "game_of_24": "puzzle24",
    "graph_coloring": "graph_color", "knights_and_knaves": "knights_knaves", "kk": "knights_knaves",
    "n-queens": "n_queens", "tower_of_hanoi_puzzle": "tower_of_hanoi", "zebra_logic": "zebra_table",
}  # fmt: skip
KNOWN = frozenset((*SOLUTIONS, *EXPRESSIONS, *ANSWERS, *MATHEMATICS, *LIBRARY))


def resolve(name: str) -> str:
    """Return the name under which a puzzle is decided."""
    return OTHER_NAMES.get(name.strip().lower(), name.strip().lower())


def problem(name: str, *, by_library: bool) -> str:
    """Return why a puzzle cannot be decided, or an empty text."""
    name = resolve(name)
    if name in REFUSED and (by_library or name not in KNOWN):
        return f"{name}: {REFUSED[name]}"
    if name not in KNOWN:
        near = difflib.get_close_matches(name, KNOWN, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(KNOWN))}"
        return f"{name[:60]!r} is no puzzle known here; {hint}"
    if by_library and name == "zebra_table":
        return f"{name}: reasoning-gym has no scorer of it"
    return ""


def checker(name: str, data: Data, answer: object, *, every: bool) -> Check:
    """Return what checks an answer to a puzzle of this name.

    Raises:
        TaskError: its data or its stored answer cannot be used.
    """
    if name in EXPRESSIONS:
        return arithmetic.target(data, otherwise=EXPRESSIONS[name], every=every)
    make = SOLUTIONS.get(name)
    return make(data) if make is not None else ANSWERS[name](answer)
