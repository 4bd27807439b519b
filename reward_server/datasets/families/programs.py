"""Data sets of programs and their tests.

Time and memory limits that rows carry are not taken over: they are those of the judge's machine and language.
"""

from reward_server.datasets.forms import Form

_IMAGES = "such rows need a container image for each repository, which this service does not run"

FORMS = (
    Form("APPS, TACO", "code", {"tests": "input_output", "prompt": "starter_code?|text"}),
    Form(
        "LeetCodeDataset",
        "code",
        {"tests": "test", "entry_point": "entry_point", "prelude": "prompt?|python"},
        marks=("starter_code",),
        beside=("input_output", "answer"),
    ),
    Form(
        "HumanEval, EvalPlus",
        "code",
        {"tests": "test", "entry_point": "entry_point", "prompt": "prompt|python"},
        beside=("input_output",),
    ),
    Form("check(candidate)", "code", {"tests": "test", "entry_point": "entry_point"}),
    Form("BigCodeBench", "code", {"tests": "test", "entry_point": "entry_point"}, marks=("complete_prompt",)),
    Form("KodCode", "code", {"tests": "test"}, marks=("solution",)),
    Form("test files", "code", {"tests": "test"}),
    Form(
        "MBPP",
        "code",
        {"tests": {"test_list": "test_list", "test_setup_code": "test_setup_code?", "test_imports": "test_imports?"}},
    ),
    Form(
        "CodeContests",
        "code",
        {
            "tests": {
                "public_tests": "public_tests",
                "private_tests": "private_tests?",
                "generated_tests": "generated_tests?",
            }
        },
    ),
    Form(
        "LiveCodeBench",
        "code",
        {
            "tests": {"public_test_cases": "public_test_cases?", "private_test_cases": "private_test_cases"},
            "metadata": "metadata?",
            "prompt": "starter_code?|text",
        },
    ),
    Form(
        "Codeforces",
        "code",
        {"tests": {"official_tests": "official_tests"}, "checker": "generated_checker?", "language": "language?"},
    ),
    Form("DeepCoder", "code", {"tests": "tests", "metadata": "metadata?", "prompt": "starter_code?|text"}),
    Form(
        "MultiPL-E",
        "code",
        {"tests": "tests", "language": "language", "prompt": "prompt|text"},
        marks=("stop_tokens",),
    ),
    Form("tests with a language", "code", {"tests": "tests", "language": "language"}),
    Form("AceCode", "code", {"tests": "test_cases", "fn_name": "fn_name?", "language": "language?"}),
    Form("Unit tests", "code", {"tests": "unit_tests", "fn_name": "fn_name?"}),
    Form("NeMo-Gym code", "code", {"tests": "verifier_metadata.unit_tests", "language": "verifier_metadata.language?"}),
    Form(
        "SYNTHETIC code",
        "code",
        {"tests": {"test_cases": "verification_info.test_cases"}, "language": "verification_info.language?"},
    ),
    Form(
        "SYNTHETIC deepcoder",
        "code",
        {"tests": "verification_info.ground_truth"},
        marks=("verification_info.dataset_type",),
    ),
    Form("ROLL code", "code", {"tests": "test_case_function"}, where={"case_type": "pytest"}),
    Form("SWE-bench, SWE-Gym", "code", {}, marks=("FAIL_TO_PASS", "PASS_TO_PASS"), refusal=_IMAGES),
    Form("SWE-bench, SWE-Gym", "code", {}, marks=("repo", "base_commit", "patch"), refusal=_IMAGES),
)
