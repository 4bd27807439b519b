"""Imports point one way, and the drawers that rot are not opened."""

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_PACKAGES = ("reward_server", "sandboxes", "trainer_client")
_FORBIDDEN_NAMES = {
    "utils", "helpers", "common", "misc", "base", "types", "factory", "singleton", "constants", "models", "exceptions",
    "core", "services", "legacy", "v2", "manager",
}  # fmt: skip
_ALLOWED_FOR_TRAINERS = (
    {"reward_server", "reward_server.wire", "reward_server.verdict"}
    | {f"reward_server.files{name}" for name in ("", ".rows", ".formats", ".folders", ".plan", ".running", ".scoring")}
    | {"reward_server.datasets"}
)
_MAX_LINES = 300
_FLAT_BY_DESIGN = {"trainer_client/training/train.py": 350}
"""The training loop reads from top to bottom, like the algorithm it is."""


def _sources() -> list[Path]:
    return sorted(path for package in _PACKAGES for path in (_ROOT / package).rglob("*.py"))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(_ROOT).with_suffix("").parts).removesuffix(".__init__")


@functools.cache
def _imports(path: Path) -> frozenset[str]:
    return frozenset(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            folder = _ROOT / Path(*node.module.split("."))
            modules = [alias.name for alias in node.names if (folder / f"{alias.name}.py").exists()]
            yield from (f"{node.module}.{name}" for name in modules)
            if len(modules) < len(node.names):
                yield node.module


@functools.cache
def _graph() -> dict[str, set[str]]:
    known = {_module(path) for path in _sources()}
    return {_module(path): (_imports(path) & known) - {_module(path)} for path in _sources()}


def test_sandboxes_import_nothing_of_ours():
    for path in (_ROOT / "sandboxes").rglob("*.py"):
        ours = {name for name in _imports(path) if name.split(".")[0] in {"reward_server", "trainer_client"}}
        assert not ours, f"{path}: {ours}"


def test_the_server_does_not_import_the_trainer():
    for path in (_ROOT / "reward_server").rglob("*.py"):
        assert not [name for name in _imports(path) if name.split(".")[0] == "trainer_client"], path


def test_the_trainer_sees_only_the_wire_and_the_verdict():
    for path in (_ROOT / "trainer_client").rglob("*.py"):
        ours = {name for name in _imports(path) if name.split(".")[0] in {"reward_server", "sandboxes"}}
        assert ours <= _ALLOWED_FOR_TRAINERS, f"{path}: {ours - _ALLOWED_FOR_TRAINERS}"


def test_there_is_no_import_cycle():
    graph, state = _graph(), {}

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert state.get(module) != "open", " → ".join((*trail[trail.index(module) :], module))
        if module not in state:
            state[module] = "open"
            for imported in graph[module]:
                visit(imported, (*trail, module))
            state[module] = "done"

    for module in graph:
        visit(module, ())


_ROOMS = {
    "reward_server.mathematics": {
        "tree": set(),
        "values": {"tree"},
        "reading": {"tree"},
        "comparing": {"tree", "values", "reading"},
        "symbolic": {"tree"},
    },
    "reward_server.testing": {
        "endings": {"harness"},
        "submission": set(),
        "harness": {"submission"},
        "judging": {"harness", "submission"},
        "separate": {"judging", "submission"},
        "stored": {"judging", "separate", "harness", "submission"},
    },
    "reward_server": {
        "mathematics": {"words"},
        "testing": {"extraction"},
        "extraction": {"words"},
        "documents": {"extraction"},
        "calls": {"documents", "extraction"},
        "words": {"documents"},
        "instructions": {"documents", "extraction", "words"},
        "choices": {"extraction", "mathematics"},
        "ground_truths": {"extraction", "mathematics"},
        "patterns": set(),
        "chemistry": set(),
        "proofs": set(),
        "edits": {"documents", "extraction"},
        "puzzles": {"extraction"},
        "planning": {"puzzles"},
        "queries": {"documents", "extraction"},
        "graders": {
            "mathematics",
            "testing",
            "extraction",
            "documents",
            "calls",
            "choices",
            "ground_truths",
            "words",
            "queries",
            "patterns",
            "edits",
            "chemistry",
            "proofs",
            "instructions",
            "puzzles",
            "planning",
        },
        "rewards": {"graders", "extraction", "words"},
        "cache": {"graders", "grading"},
        "executors": {"graders", "grading"},
        "grading": {"cache", "executors", "graders", "ground_truths", "mathematics", "extraction"},
        "datasets": set(),
        "window": set(),
        "http": {"datasets", "graders", "grading", "rewards", "window"},
        "protocols": {"datasets", "http", "grading", "files", "graders", "proofs", "rewards", "testing"},
        "cases": set(),
        "files": {
            "datasets",
            "http",
            "grading",
            "graders",
            "ground_truths",
            "rewards",
            "mathematics",
            "extraction",
            "cases",
        },
        "serving": {"http", "grading", "executors", "files", "graders", "cache"},
        "commands": {"http", "grading", "executors", "files", "graders", "window", "serving"},
    },
    "trainer_client": {
        "client": set(),
        "adapters": {"client"},
        "policies": set(),
        "training": {"client", "policies"},
        "reporting": {"training"},
        "experiments": {"client", "policies", "training", "reporting"},
        "commands": {"client", "adapters", "policies", "training", "reporting", "experiments"},
    },
}
"""Which room may import from which, as in import-linter's contracts; files at the door of a package may do both."""


@pytest.mark.parametrize("package", _ROOMS)
def test_rooms_import_only_from_the_rooms_named_here(package: str):
    rooms = _ROOMS[package]
    for module, imported in _graph().items():
        own = _room(module, package)
        if own not in rooms:
            continue
        for other in imported:
            room = _room(other, package)
            allowed = room is None or room == own or room not in rooms or room in rooms[own]
            assert allowed, f"{own} may not import from {room}: {module} imports {other}"


def _room(module: str, package: str) -> str | None:
    rest = module.removeprefix(f"{package}.")
    return rest.split(".")[0] if (rest != module and "." in rest) or rest in _ROOMS[package] else None


def test_a_trainers_process_needs_no_command_line():
    program = "import sys; sys.modules['typer'] = sys.modules['rich'] = None\n"
    program += "import trainer_client.client.trackers; from trainer_client.adapters import discover; assert discover()"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    "module", ["reward_server.wire", "trainer_client", "trainer_client.cli", "reward_server.files.running"]
)
def test_a_trainers_machine_needs_no_server_and_no_torch(module: str):
    heavy = ("fastapi", "sympy", "flint", "torch", "docker", "redis", "pyarrow", "matplotlib", "pydantic_settings")
    program = f"import sys, {module}; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_server_imports_what_its_settings_ask_for_and_no_other_command():
    heavy = ("aiohttp", "docker", "numpy", "opentelemetry.sdk", "pandas", "pyarrow", "ray", "redis", "sympy", "torch")
    unasked = ("reward_server.commands.demo", "reward_server.commands.doctor", "reward_server.files.auditing")
    program = "import sys; sys.argv[1:] = ['serve']; import reward_server.cli, reward_server.serving.greeting"
    program += f"; print([m for m in {heavy + unasked!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", _sources(), ids=lambda path: str(path.relative_to(_ROOT)))
def test_files_are_short_and_not_drawers(path: Path):
    assert path.stem not in _FORBIDDEN_NAMES
    limit = _FLAT_BY_DESIGN.get(str(path.relative_to(_ROOT)), _MAX_LINES)
    assert len(path.read_text().splitlines()) <= limit


def test_no_failure_becomes_a_zero_and_only_blame_catches_everything():
    for path in _sources():
        if "agent" in path.parts or path.name == "errors.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ExceptHandler):
                zeros = [
                    n
                    for n in ast.walk(node)
                    if isinstance(n, ast.Constant) and n.value == 0.0 and type(n.value) is float
                ]
                assert not zeros, f"{path}:{node.lineno}: a literal 0.0 in an except block"
                name = getattr(node.type, "id", None)
                broad = node.type is None or name in {"Exception", "BaseException"}
                reraises = any(isinstance(n, ast.Raise) and n.exc is None for n in ast.walk(node))
                assert not broad or reraises, f"{path}:{node.lineno}: a broad except outside errors.blame"
