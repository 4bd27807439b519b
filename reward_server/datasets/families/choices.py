"""Data sets of questions with options."""

from reward_server.datasets.forms import Form

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
    Form("options and an index", "choice", {"ground_truth": "answer_index|int", "options": "options"}),
    Form("options and an index", "choice", {"ground_truth": "answer_index|int", "options": "choices"}),
    Form("LogiQA", "choice", {"ground_truth": "correct_option", "options": "options"}),
    Form("AQuA-RAT", "choice", {"ground_truth": "correct", "options": "options"}),
    Form("options and a label", "choice", {"ground_truth": "label|int", "options": "options"}),
    Form("options and a label", "choice", {"ground_truth": "label|int", "options": "choices"}),
    Form("HellaSwag", "choice", {"ground_truth": "label|int", "options": "endings"}),
    Form("options and a target", "choice", {"ground_truth": "target", "options": "options"}),
    Form("NeMo-Gym mcqa", "choice", {"ground_truth": "expected_answer", "options": "options"}),
    Form("options and a ground truth", "choice", {"ground_truth": "ground_truth", "options": "options"}),
    Form("options and a ground truth", "choice", {"ground_truth": "ground_truth", "options": "choices"}),
    Form("options and a gold answer", "choice", {"ground_truth": "gold", "options": "options"}),
    Form("options and a gold answer", "choice", {"ground_truth": "gold", "options": "choices"}),
    Form("verl rows with options", "choice", {"ground_truth": "reward_model.ground_truth", "options": "options"}),
    Form("verl rows with options", "choice", {"ground_truth": "reward_model.ground_truth", "options": "choices"}),
    Form(
        "verl rows with options",
        "choice",
        {"ground_truth": "reward_model.ground_truth", "options": "extra_info.options"},
    ),
    Form(
        "verl rows with options",
        "choice",
        {"ground_truth": "reward_model.ground_truth", "options": "extra_info.choices"},
    ),
    Form("MedMCQA", "choice", {"ground_truth": "cop|int", "options": ("opa", "opb", "opc", "opd")}),
    Form("options in columns A to D", "choice", {"ground_truth": "answer", "options": ("A", "B", "C", "D")}),
    Form("options in columns A to D", "choice", {"ground_truth": "Answer", "options": ("A", "B", "C", "D")}),
)
