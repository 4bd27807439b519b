"""Data sets of questions with options."""

from reward_server.datasets.forms import Form

_OPTIONS = ("options", "choices")
_HELD = ("extra_info.options", "extra_info.choices")

FORMS = (
    Form("MMLU", "choice", {"ground_truth": "answer", "options": "choices"}),
    Form(
        "MMLU-Pro",
        "choice",
        {"ground_truth": "answer", "options": "options"},
        agrees=("answer_index", "answer_letter", "answer_idx"),
    ),
    Form("ARC, CommonsenseQA, OpenBookQA", "choice", {"ground_truth": "answerKey", "options": "choices"}),
    Form(
        "MedQA, SuperGPQA by letter",
        "choice",
        {"ground_truth": "answer_letter", "options": "options"},
        agrees=("answer",),
    ),
    Form("MedQA", "choice", {"ground_truth": "answer_idx", "options": "options"}, agrees=("answer",)),
    *(
        Form("options and an index", "choice", {"ground_truth": "answer_index|int", "options": options})
        for options in _OPTIONS
    ),
    Form("LogiQA", "choice", {"ground_truth": "correct_option", "options": "options"}),
    Form("AQuA-RAT", "choice", {"ground_truth": "correct", "options": "options"}),
    *(
        Form(name, "choice", {"ground_truth": "label|int", "options": options})
        for name, options in (
            *(("options and a label", options) for options in _OPTIONS),
            ("HellaSwag", "endings"),
        )
    ),
    Form("options and a target", "choice", {"ground_truth": "target", "options": "options"}),
    Form("NeMo-Gym mcqa", "choice", {"ground_truth": "expected_answer", "options": "options"}),
    *(
        Form(name, "choice", {"ground_truth": truth, "options": options})
        for name, truth, held in (
            ("options and a ground truth", "ground_truth", _OPTIONS),
            ("options and a gold answer", "gold", _OPTIONS),
            ("verl rows with options", "reward_model.ground_truth", (*_OPTIONS, *_HELD)),
        )
        for options in held
    ),
    Form("MedMCQA", "choice", {"ground_truth": "cop|int", "options": ("opa", "opb", "opc", "opd")}),
    Form("PIQA", "choice", {"ground_truth": "label|int", "options": ("sol1", "sol2")}),
    Form("SocialIQA", "choice", {"ground_truth": "label|from1", "options": ("answerA", "answerB", "answerC")}),
    Form("WinoGrande", "choice", {"ground_truth": "answer|from1", "options": ("option1", "option2")}),
    Form(
        "options in numbered columns",
        "choice",
        {},
        marks=("option1", "option2", "option3", "answer"),
        refusal="whether `answer` counts from 0, from 1 or is a text, they do not tell: send {kind: choice, options: "
        "all of them, ground_truth: the right letter}",
    ),
    *(
        Form(f"options in columns A to {columns[-1]}", "choice", {"ground_truth": truth, "options": tuple(columns)})
        for columns in ("ABCD", "ABCDE", "ABCDEF")
        for truth in ("answer", "Answer")
    ),
)
