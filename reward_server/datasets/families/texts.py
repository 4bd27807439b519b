"""Data sets whose right answer is a short text, a number or an expression."""

from reward_server.datasets.forms import Form

FORMS = (
    # The letters are drawn by whoever asks the question, so that the row itself knows the right text alone.
    Form("GPQA", "math", {"ground_truth": "Correct Answer"}, marks=("Incorrect Answer 1",)),
    Form("SciQ", "short_answer", {"ground_truth": "correct_answer"}, marks=("distractor1",)),
    Form(
        "SYNTHETIC math",
        "math",
        {"ground_truth": "verification_info.ground_truth"},
        where={"task_type": "verifiable_math"},
    ),
    Form(
        "SYNTHETIC judged by a model",
        "short_answer",
        {},
        where={"task_type": "llm_judgeable_groundtruth_similarity|kernelbench|git_diff"},
        refusal="rows of this task type are judged by a model or on special hardware, not by rules",
    ),
    Form(
        "SYNTHETIC code output",
        "output",
        {"expected": "verification_info.output"},
        where={"task_type": "code_output_prediction"},
        refusal="such rows store the output without the program: send {kind: exact, ground_truth: the output}",
    ),
    Form(
        "SYNTHETIC by a rule of its own",
        "exact",
        {},
        where={
            "task_type": "unscramble_sentence|ascii_tree_formatting|complex_json_output|pydantic_adherance|formatask"
        },
        refusal="rows of this task type are compared by a rule of the data set's own, most of them by likeness: where "
        "only the whole text is right, send {kind: exact, ground_truth: it}",
    ),
    Form("SQuAD, Natural Questions", "short_answer", {"ground_truth": "answers.text"}),
    Form("FlashRAG, Search-R1", "short_answer", {"ground_truth": "golden_answers|json"}, beside=("answer",)),
    Form("PopQA", "short_answer", {"ground_truth": "possible_answers|json"}, beside=("answer",)),
    Form("TriviaQA", "short_answer", {"ground_truth": "answer"}, marks=("answer.aliases",)),
    Form("HotpotQA, MuSiQue", "short_answer", {"ground_truth": "answer"}, marks=("supporting_facts",)),
)
