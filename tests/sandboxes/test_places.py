"""Where the service is installed shows nowhere: an environment below /tmp leaves nothing in a program's /tmp."""

import asyncio
import sys
import tempfile
import venv
from pathlib import Path

from sandboxes.agent.system.roots import place_of
from sandboxes.execution import Invocation, Limits, Program, Status
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from tests.sandboxes.places import PLACES

_LOOK = """
import os, subprocess, sys, found_here, found_here.later
print(found_here.later.VALUE, subprocess.check_output([sys.executable, "-c", "print(8)"], text=True).strip())
print(os.listdir("/tmp"), os.listdir("/var/tmp"))
"""


def test_an_environment_below_tmp_is_used_and_not_seen() -> None:
    PLACES["namespaces"].family()  # skips where namespaces are not granted

    async def look(python: str) -> tuple[Status, str, str]:
        async def launch() -> object:
            return await process.launch(python=python)

        pool = SandboxPool([Family("process", launch)], slots=1)  # type: ignore[arg-type]
        await pool.start()
        try:
            (seen,) = await pool.run(Program("python", _LOOK), [Invocation()], Limits(10))
        finally:
            await pool.close()
        return seen.status, seen.stdout.decode(), seen.stderr.decode()

    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        venv.create(folder, symlinks=True)
        (packages,) = Path(folder).glob("lib/python*/site-packages")
        (packages / "found_here").mkdir()
        (packages / "found_here" / "__init__.py").touch()
        (packages / "found_here" / "later.py").write_text("VALUE = 7\n")
        status, printed, said = asyncio.run(look(f"{folder}/bin/python"))
    assert (status, printed) == (Status.OK, "7 8\n[] []\n"), said


def test_a_moved_directory_gives_its_place_to_what_lies_in_it() -> None:
    moved = [("/tmp/one", "/moved/0")]
    assert place_of("/tmp/one/lib", moved) == "/moved/0/lib"
    assert place_of("/tmp/one", moved) == "/moved/0"
    assert place_of("/tmp/one-more", moved) == "/tmp/one-more"
    assert place_of(sys.base_prefix, ()) == sys.base_prefix
