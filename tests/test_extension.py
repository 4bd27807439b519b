"""One extension is one file: the grader of CONTRIBUTING.md works as printed, without touching another file."""

import os
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


def test_a_grader_of_another_distribution_is_found_by_its_entry_point(tmp_path: Path):
    (source,) = re.findall(r"```python\n(.*?)```", (_ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    (tmp_path / "elsewhere.py").write_text(source)
    (tmp_path / "elsewhere-1.dist-info").mkdir()
    (tmp_path / "elsewhere-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1\n")
    named = "[reward_server.graders]\nparity = elsewhere:GRADER\n"
    (tmp_path / "elsewhere-1.dist-info" / "entry_points.txt").write_text(named)
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nfrom reward_server.graders import discover\n"
        "print(discover()['parity'].task.__module__, 'math' in discover())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=_ROOT)
    assert done.stdout.strip() == "elsewhere True", done.stderr


def test_the_grader_of_the_contributing_guide_is_found_and_grades(tmp_path: Path):
    (source,) = re.findall(r"```python\n(.*?)```", (_ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted" / "parity.py").write_text(source)
    program = _PROGRAM.format(folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=_ROOT)
    assert done.stdout.strip() == "ParityTask", done.stderr


def test_the_starter_of_a_grader_keeps_the_contract_by_its_own_test(tmp_path: Path):
    command = [
        sys.executable,
        "-m",
        "reward_server.cli",
        "new",
        "grader",
        "last_word",
        "--folder",
        str(tmp_path / "own"),
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=False, cwd=_ROOT)
    assert made.returncode == 0, made.stderr
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path / 'own'}:{_ROOT}"}
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path / "own")]
    done = subprocess.run(
        tests, capture_output=True, text=True, check=False, cwd=tmp_path / "own", env=environment, timeout=200
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-500:]
    assert "passed" in done.stdout
    again = subprocess.run(command, capture_output=True, text=True, check=False, cwd=_ROOT)
    assert again.returncode == 2
    assert "already" in again.stderr


def test_parts_and_protocols_of_other_distributions_are_found(tmp_path: Path):
    (tmp_path / "elsewhere.py").write_text(
        "from fastapi import APIRouter\nfrom reward_server.rewards import PartOptions, RewardPart\n"
        "PART = RewardPart(PartOptions, lambda options, completion, verdict: 1.0, [({}, 'x', 1.0)])\n"
        "router = APIRouter()\n"
        "@router.get('/elsewhere')\nasync def elsewhere() -> dict[str, str]:\n    return {}\n"
    )
    (tmp_path / "elsewhere-1.dist-info").mkdir()
    (tmp_path / "elsewhere-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1\n")
    named = "[reward_server.rewards]\nalways = elsewhere:PART\n[reward_server.protocols]\nelse = elsewhere:router\n"
    (tmp_path / "elsewhere-1.dist-info" / "entry_points.txt").write_text(named)
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nfrom reward_server import rewards\n"
        "from reward_server.http.app import create_app\nfrom reward_server.settings import Settings\n"
        "app = create_app(Settings(sandbox='none'))\n"
        "print('always' in rewards.discover(), '/elsewhere' in app.openapi()['paths'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=_ROOT)
    assert done.stdout.strip() == "True True", done.stderr


def test_the_plugin_finds_what_is_installed_and_sees_a_promise_that_is_broken(tmp_path: Path):
    (source,) = re.findall(r"```python\n(.*?)```", (_ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    (tmp_path / "elsewhere.py").write_text(source)
    (tmp_path / "elsewhere-1.dist-info").mkdir()
    (tmp_path / "elsewhere-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1\n")
    named = "[reward_server.graders]\nparity = elsewhere:GRADER\n"
    (tmp_path / "elsewhere-1.dist-info" / "entry_points.txt").write_text(named)
    kept = _contracts(tmp_path)
    assert kept.returncode == 0, kept.stdout[-2000:] + kept.stderr[-500:]
    assert "[parity]" in kept.stdout
    (tmp_path / "elsewhere.py").write_text(
        source.replace("completion.text.strip()[-1:]", "completion.text.strip()[-1]")
    )
    broken = _contracts(tmp_path)
    assert broken.returncode == 1
    assert "IndexError" in broken.stdout


def _contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the plugin in an empty folder, with what is found in `folder` installed."""
    (folder / "empty").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-v", "-p", "reward_server.contracts", "-p", "no:cacheprovider"]
    command += ["-k", "parity"]
    environment = {**os.environ, "PYTHONPATH": f"{folder}:{_ROOT}"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder / "empty", env=environment, timeout=200
    )
