"""The words of written mathematics: LaTeX commands, function names, Greek letters, number words."""

split = str.split


GREEK = frozenset(
    split(
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi omicron rho "
        "varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon "
        "Phi Psi "
        "Omega"
    )
)

FUNCTIONS: dict[str, str] = {
    **{
        name: name
        for name in split(
            "sin cos tan cot sec csc arcsin arccos arctan arccot arcsec arccsc sinh cosh tanh coth sech csch ln log "
            "exp gcd lcm max min det floor ceil abs arcsinh arccosh arctanh sgn arg"
        )
    },
    **{f"a{name}": f"arc{name}" for name in split("sin cos tan cot sec csc sinh cosh tanh")},
    "tg": "tan", "ctg": "cot", "cotg": "cot", "cosec": "csc", "cosech": "csch", "arctg": "arctan", "arcctg": "arccot",
    "arsinh": "arcsinh", "arcosh": "arccosh", "artanh": "arctanh", "sh": "sinh", "ch": "cosh", "th": "tanh",
    "lg": "lg", "lb": "lb", "log2": "lb", "log10": "lg", "sign": "sgn", "ceiling": "ceil", "sqrt": "sqrt",
    "cbrt": "cbrt", "cis": "cis", "binomial": "binomial", "binom": "binomial", "nCr": "binomial",
    "factorial": "factorial",
    "Re": "re", "Im": "im", "conj": "conj", "Arg": "arg", "Log": "log", "Ln": "ln", "LCM": "lcm", "GCD": "gcd",
    "Gamma": "gamma", "sen": "sin", "arcsen": "arcsin", "nPr": "permutations", "choose": "binomial",
    "Abs": "abs", "Rational": "frac", "Fraction": "frac",
    "pow": "pow", "complex": "complex", "comb": "binomial", "perm": "permutations",
    "frac": "frac", "exponential": "exp", "sup": "max", "inf": "min",
}  # fmt: skip
"""Spellings of known functions; `sqrt`, `cbrt`, `lg`, `lb` and `frac` are resolved by the parser."""

SHORT_FUNCTIONS = frozenset(
    {"sh", "ch", "th", "sup", "inf", "choose", "Re", "Im", "tg", "frac", "arg", "lb", "pow", "complex", "comb", "perm"}
)
"""Names that mean a function only as a LaTeX command or directly before a parenthesis."""

OPERATORS = frozenset(split("tr Tr trace rank dim ker Var Cov span diag adj Res erf erfc Pr"))
"""Operators without a meaning of their own here: the same operator of the same operand is the same."""

UPRIGHT_NAMES = (
    frozenset(
        name
        for name in FUNCTIONS
        if len(name) >= 3
        and name not in {"min", "sec", "arg", "inf", "sup", "frac", "sqrt"}
        and name not in {"pow", "complex", "comb", "perm"}
    )
    | {"ln", "lg", "Re", "Im"}
    | OPERATORS
)
r"""Names that mean their function in `\text` and `\mathrm` too; `min` and `sec` there are units of time."""

SYMMETRIC = frozenset({"!=", "similar", "congruent", "perpendicular", "parallel", "not parallel", "proportional"})
"""Relations that hold the other way round as well."""
TURNED = {
    "superset": "subset", "proper superset": "proper subset", "much more": "much less", "implied by": "=>",
}  # fmt: skip
"""Relations that are others with their sides exchanged."""

RELATIONS: dict[str, str] = {
    **dict.fromkeys(("=", "==", "\\equals", "\\coloneqq", ":=", "\\triangleq", "\\doteq"), "="),
    **dict.fromkeys(("!=", "\\ne", "\\neq", "<>", "\\not=", "/="), "!="),
    **dict.fromkeys(("<", "\\lt"), "<"),
    **dict.fromkeys((">", "\\gt"), ">"),
    **dict.fromkeys(("<=", "\\le", "\\leq", "\\leqslant", "\\leqq", "=<"), "<="),
    **dict.fromkeys((">=", "\\ge", "\\geq", "\\geqslant", "\\geqq", "=>="), ">="),
    **dict.fromkeys(("\\in", "\\isin"), "in"),
    **dict.fromkeys(("\\notin",), "notin"),
    **dict.fromkeys(("\\approx", "\\simeq", "\\thickapprox", "\\approxeq", "\\doteqdot"), "~"),
    **dict.fromkeys(("\\subseteq", "\\subseteqq"), "subset"),
    **dict.fromkeys(("\\subset", "\\subsetneq", "\\subsetneqq"), "proper subset"),
    **dict.fromkeys(("\\equiv",), "equiv"),
    **dict.fromkeys(("\\to", "\\rightarrow", "->", "\\longrightarrow", "\\mapsto", "\\rightleftharpoons"), "->"),
    **dict.fromkeys(("\\Rightarrow", "\\implies", "=>", "\\Longrightarrow"), "=>"),
    **dict.fromkeys(("\\Leftrightarrow", "\\iff", "\\Longleftrightarrow", "\\leftrightarrow"), "<=>"),
    **dict.fromkeys(("\\Leftarrow", "\\impliedby", "\\Longleftarrow"), "implied by"),
    **dict.fromkeys(("\\supseteq", "\\supseteqq"), "superset"),
    **dict.fromkeys(("\\supset", "\\supsetneq", "\\supsetneqq"), "proper superset"),
    "\\sim": "similar",
    "\\cong": "congruent",
    "\\perp": "perpendicular",
    "\\parallel": "parallel",
    "\\propto": "proportional",
    "\\gg": "much more",
    "\\ll": "much less",
    "\\mid": "divides",
    "\\nmid": "does not divide",
    "\\nparallel": "not parallel",
}

IGNORED = frozenset(
    split(
        "\\left \\right \\big \\Big \\bigg \\Bigg \\bigl \\bigr \\Bigl \\Bigr \\biggl \\biggr \\Biggl \\Biggr \\middle "
        "\\displaystyle \\textstyle \\scriptstyle \\limits \\nolimits \\nonumber \\notag \\mathstrut \\strut \\hfill "
        "\\noindent \\hline \\cdotp \\relax \\centering \\allowbreak \\large \\Large \\small "
        "\\rm \\bf \\it \\sf \\tt \\mathopen \\mathclose \\boldmath \\unboldmath \\kern \\thinspace \\negthinspace "
        "\\protect \\ensuremath \\scriptscriptstyle \\huge \\Huge \\LARGE \\normalsize \\footnotesize \\scriptsize "
        "\\tiny \\bfseries \\itshape \\rmfamily \\enspace \\thickspace \\medspace \\nobreakspace \\hfil \\nobreak "
        "\\enskip "
        "\\! \\, \\; \\: \\> \\  \\/ \\- \\@",
        " ",
    )
)
"""Commands without meaning; `\\quad` and `\\\\` are separators and not here."""

TEXT_COMMANDS = frozenset(
    split(
        "\\text \\mbox \\textnormal \\textrm \\textbf \\textit \\textsf \\texttt \\hbox \\textup \\emph "
        "\\textsc \\unit \\textmd \\textsl \\underline \\intertext"
    )
)
UPRIGHT_COMMANDS = frozenset(
    split(
        "\\mathrm \\operatorname \\mathbf \\mathit \\mathsf \\mathtt \\boldsymbol \\bm \\mathnormal "
        "\\pmb \\bold \\operatorname* \\mathscr \\mathcal \\mathfrak \\ce \\si \\mathop \\Bbb "
        "\\mathbb \\cal \\mathring"
    )
)
DECORATIONS = frozenset(
    split(
        "\\vec \\hat \\bar \\tilde \\widehat \\widetilde \\overrightarrow \\overline \\dot \\ddot "
        "\\overleftrightarrow \\underbar \\check \\breve \\acute \\grave \\overset \\overarc \\wideparen "
        "\\dddot \\overleftarrow \\stackrel \\underset \\underbrace \\overbrace \\overparen"
    )
)

NUMBER_WORDS: dict[str, int] = {
    **{
        word: n
        for n, word in enumerate(
            split(
                "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
                "seventeen eighteen nineteen twenty"
            )
        )
    },
    **{word: 10 * n for n, word in enumerate(split("thirty forty fifty sixty seventy eighty ninety"), 3)},
}
SCALE_WORDS: dict[str, int] = {
    "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "万": 10**4, "亿": 10**8, "百万": 10**6, "千": 10**3, "lakh": 10**5, "crore": 10**7, "dozen": 12,
    "hundreds": 10**2, "thousands": 10**3, "millions": 10**6, "billions": 10**9, "dozens": 12,
}  # fmt: skip

SHORT_SCALES = {"k": 10**3, "K": 10**3, "M": 10**6, "mn": 10**6, "B": 10**9, "bn": 10**9, "T": 10**12}
"""Letters behind a decimal: `24.3M`; behind an integer they may be symbols."""

CHINESE_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "〇": 0}
