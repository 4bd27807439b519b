"""Names of data sets, as rows carry them in `data_source` or `dataset`, and the kind of task their rows hold.

verl's `default_compute_score` routes by these names; its table is kept, and names in wide use are added. Our verdicts
are scores in [0, 1] whatever the source: verl's own `math_dapo` gives −1 for a wrong answer and reads the last 300
characters only. Neither is imitated.
"""

import re

from reward_server.datasets.forms import UnknownRow

ROUTES: tuple[tuple[str, str], ...] = (
    # Names that hold another kind's word come first.
    (r"simulation__(cruxeval|codeio).*|.*cruxeval.*|.*code_?i_?o([-_/].*)?|.*code_output_prediction", "output"),
    (r"(.*/)?(code_?contests|apps|taco|codeforces|atcoder)([-_].*)?|codegen__.*", "code"),
    (r"(.*/)?nemotron[-_]rl[-_]coding.*|(.*/)?multipl[-_]e", "code"),
    (r".*livecodebench.*|lcb.*|.*human_?eval.*|.*mbpp.*|.*leetcode.*|.*kodcode.*|.*acecode.*", "code"),
    (r"train-code-.*|.*deepcoder.*|.*verifiable[-_]coding.*|.*synthetic[-_][12].*code.*|.*bigcodebench.*", "code"),
    (r"(.*/)?(prime_rl_)?code(_stdio|gen)?|rlvr[-_]code.*|.*eurus.*code.*|.*opencoder.*|.*rstar[-_]?coder.*", "code"),
    (r"(.*/)?mini_?f2f.*|(.*[-_/])?lean[-_]?workbook.*|(.*/)?proof_?net.*|.*numinamath[-_]lean.*", "proof"),
    (r".*deepseek[-_]prover.*|(.*[-_/])?formal[-_]?math.*", "proof"),
    (r".*supergpqa.*|.*mmlu.*|.*ai2_arc.*", "choice"),
    (r"(?!.*math_?qa[-_]python)(.*/)?(math_?qa|qasc|piqa|social_?i_?qa|winogrande)([-_].*)?|.*[-_]mcqa", "choice"),
    (r".*arc[-_](challenge|easy|c|e)|.*common_?sense_?qa.*|.*openbook_?qa.*", "choice"),
    (r".*med_?mcqa.*|(.*/)?med_?qa.*|.*logiqa.*|.*reclor.*", "choice"),
    (r".*aqua([-_]rat)?|(.*[-_/])?c-?eval.*|.*cmmlu.*|.*sat_?math.*", "choice"),
    (r".*gpqa.*|mcqa?|choice|multiple[-_]choice|.*hellaswag.*|.*\brace([-_/].*)?|stem__mcq", "choice"),
    (r"(.*/)?nemotron[-_]rl[-_]instruction_following", "instruction"),
    (r".*ifeval.*|.*if[-_]?bench.*|.*if[-_]?(multi|train).*|instruction([-_]following)?|ifbench_.*", "instruction"),
    (r".*xlam.*|.*bfcl.*|.*tool_?ace.*|.*gorilla.*|tool[-_]calls?|function[-_]calling", "tool_call"),
    (r".*sql[-_]create[-_]context.*", "sql"),
    (r"(.*/)?(spider|bird|wikisql|bird[-_]?sql|sql[-_]r1|omnisql|synsql.*|.*text[-_]?(to|2)[-_]?sql.*|sql)", "sql"),
    (r".*structured[-_]outputs?.*|.*json_?schema.*", "schema"),
    (r"countdown.*|.*/countdown.*|tinyzero.*|.*game24|kk_logic|.*knights?[-_](and[-_])?knaves?.*|kk", "puzzle"),
    (r".*zebra_?logic.*|.*reasoning_?gym.*|.*knights[-_]and[-_]knaves.*", "puzzle"),
    (r"reasoning[-_]gym.*|rg|logic__zebra.*|(.*/)?(zebra|sudoku|maze|futoshiki|binario)([-_].*)?", "puzzle"),
    (r"(.*/)?cruxeval[-_]?o(utput)?", "output"),
    (r"searchr1_.*|(.*/)?sciq", "short_answer"),
    (r"(.*/)?(nq|nq_open|natural_questions|trivia_?qa|popqa|hotpot_?qa|musique|bamboogle|squad.*)", "short_answer"),
    (r"(.*/)?(2wiki.*|simple_?qa.*|web_?questions|gaia|re_search|browsecomp)|short_answer", "short_answer"),
    (r"string_matcher", "short_answer"),
    (r"logic__(ordering|graph).*|exact", "exact"),
    (r"(?!.*mixed).*gsm[-_]?(8k|plus|hard|symbolic)?.*|.*svamp.*|.*asdiv.*", "math"),
    (r".*mawps.*|.*multiarith.*|rlvr[-_](gsm|math)(?!.*mixed).*", "math"),
    (r"train-math-.*|math__.*|.*skywork.*math.*|math|math[-_].*|.*[-_/]math", "math"),
    (r".*(hendrycks|lighteval).*", "math"),
    (r".*math[-_]?(lighteval|500|12k|35|train|test|verify|lvl\d.*|8k|46k.*|45k.*|17k.*|103k)", "math"),
    (r".*(math-ai|mathvision|mathvista|mathverse|mm_?math|we-?math|math_?arena|matharena)/?.*", "math"),
    (r".*dapo[-_]math.*", "math"),
    (r"(.*/)?(aime|aimo|amc|hmmt|brumo|cmimc|smt|olympiad|minerva|omni[-_]?math|beyondaime|imo).*", "math"),
    (r".*[-_/]aime.*", "math"),
    (r"aime\d*", "math"),
    (r"numina_.*|.*numinamath.*|.*deepscaler.*|.*big[-_]math.*", "math"),
    (r".*open[-_]?r1[-_]math.*|(.*/)?orz([-_].*)?|.*still[-_]?3.*", "math"),
    (r".*open[-_]?math.*|.*deepmath.*|.*limo|.*limr|.*prm800k.*", "math"),
    (r".*simplelr.*|.*simplerl.*|.*metamath.*|.*webinstruct.*", "math"),
    (r".*geo(metry)?_?3k|.*theoremqa.*|.*scibench.*|(.*[-_/])?carp.*", "math"),
    (r"dapo|(.*/)?polaris([-_].*)?|.*verifiable[-_]math.*|.*orca[-_]math.*|(.*/)?open-rs|.*math[-_]rlvr", "math"),
    (r".*mathsub.*|.*oreal[-_]rl.*", "math"),
    (r".*cmath.*|.*gaokao.*|.*acereason[-_]math.*|.*college_?math.*", "math"),
    (r"verifiable_math|.*synthetic[-_][12].*math.*|stem__web|multiply|arithmetic|.*open[-_]?thoughts.*math", "math"),
)  # fmt: skip
"""(pattern of the whole name, case ignored; kind of the task). The first that matches decides."""

ABILITIES = {
    "math": "math", "maths": "math", "mathematics": "math", "code": "code", "coding": "code", "codegen": "code",
    "programming": "code", "fact-reasoning": "short_answer", "qa": "short_answer", "search": "short_answer",
    "mcq": "choice", "sql": "sql", "tool_call": "tool_call", "instruction_following": "instruction",
}  # fmt: skip
"""What verl's column `ability` says of the kind, where the data source is not known."""

MIXED = (
    r"(.*/)?(skywork[-_]or1.*|guru[-_]rl.*|synthetic[-_][12].*|intellect[-_][23].*|eurus[-_]2[-_]rl.*)"
    r"|(.*/)?(rlvr[-_]gsm[-_]math[-_]if.*|dolci[-_].*|tulu[-_]3.*rlvr.*|.*nemotron[-_]rl[-_].*blend.*)"
)
"""Data sets of several kinds, of which each row says its own."""

_MIXED = re.compile(MIXED, re.IGNORECASE)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in ROUTES)


def kind_of(data_source: str) -> str:
    """Return the kind of task that rows of this data source hold.

    Raises:
        UnknownRow: no route matches; give the rows a whole task, or the kind.
    """
    for pattern, kind in _COMPILED:
        if pattern.fullmatch(data_source.strip()):
            return kind
    if _MIXED.fullmatch(data_source.strip()):
        said = "its rows say which in `data_source`, `ability`, `dataset` or `task_type`, and this one does not"
        raise UnknownRow(f"{data_source[:80]!r} holds several kinds of tasks: {said}: give `kind`")
    raise UnknownRow(f"data source {data_source[:80]!r} is not known: give `kind`, or put a whole task into the row")
