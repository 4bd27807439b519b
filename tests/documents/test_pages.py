"""The site builds without a warning and asks no other host for anything, and what builds it is pinned."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .blocks import ROOT

_OUTSIDE = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=["']?(https?:)?//""")


def test_what_builds_the_site_is_pinned_whole():
    lines = (ROOT / "docs" / "site" / "requirements.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines if not line.startswith("#"))
    assert any(line.startswith("mkdocs-material==") for line in lines)


@pytest.mark.site
def test_the_site_builds_strictly_and_asks_no_other_host(tmp_path: Path):
    generator = Path(sys.prefix) / "site" / "bin" / "mkdocs"
    build = tmp_path / "site"
    code = "import sys, pathlib; import stage; stage.stage(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(build)], check=True, cwd=ROOT / "docs" / "site")
    shutil.copy(ROOT / "LICENSE", _made(build / "pages" / "vendored") / "mermaid.js")  # a file in its place
    built = subprocess.run(
        [str(generator), "build", "-q", "--strict", "-f", str(build / "mkdocs.yml")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"PATH": "/usr/bin:/bin", "NO_MKDOCS_2_WARNING": "1"},
    )
    assert built.returncode == 0, built.stdout + built.stderr
    made = sorted((build / "html").rglob("*.html"))
    assert {"start.html", "verdicts.html", "index.html"} <= {path.name for path in made}
    for path in made:
        assert not _OUTSIDE.search(path.read_text()), f"{path.name} asks another host"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
