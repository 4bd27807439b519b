"""One extension is one file: the grader of CONTRIBUTING.md works as printed, without touching another file."""

import re
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_PROGRAM = """
import sys
sys.path.insert(0, {folder!r})
import reward_server.graders as graders
graders.__path__.append({folder!r} + "/planted")
import reward_server.graders.parity as parity
from reward_server.graders import Completion
found = graders.discover()["parity"]
for example in found.examples:
    compiled = found.compile(found.task.model_validate(example.task))
    assert found.fast(compiled, Completion(example.completion)).outcome is example.outcome
from reward_server.http.requests import request_type
item = {{"task": {{"kind": "parity", "ground_truth": "odd"}}, "completion": "7"}}
print(type(request_type().model_validate({{"items": [item]}}).items[0].task).__name__)
"""


def test_the_grader_of_the_contributing_guide_is_found_and_grades(tmp_path: Path):
    (source,) = re.findall(r"```python\n(.*?)```", (_ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted" / "parity.py").write_text(source)
    program = _PROGRAM.format(folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=_ROOT)
    assert done.stdout.strip() == "ParityTask", done.stderr
