"""Take Swagger UI's files from the npm registry anew: `python -m reward_server.http.docs.vendor`.

Needs `npm`. A file whose SHA-256 is not the pinned one is refused and nothing is written; to move to another version,
change `VERSION` and the digests together.
"""

import hashlib
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "5.35.0"
DIGESTS = {
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
    "favicon-32x32.png": "3ed612f41e050ca5e7000cad6f1cbe7e7da39f65fca99c02e99e6591056e5837",
    "LICENSE": "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
}
ASSETS = Path(__file__).parent / "assets"


def altered(folder: Path) -> list[str]:
    """Return the names of files in a folder that are missing or not as pinned."""
    return [
        name
        for name, digest in DIGESTS.items()
        if not (folder / name).is_file() or hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest
    ]


def main() -> None:
    """Download, check, and put the files in their place.

    Raises:
        SystemExit: a file is not the pinned one.
    """
    with tempfile.TemporaryDirectory() as scratch:
        package = f"swagger-ui-dist@{VERSION}"
        subprocess.run(["npm", "pack", "--silent", package], cwd=scratch, check=True)
        with tarfile.open(next(Path(scratch).glob("*.tgz"))) as archive:
            archive.extractall(scratch, filter="data")
        unpacked = Path(scratch) / "package"
        wrong = altered(unpacked)
        if wrong:
            raise SystemExit(f"not as pinned: {', '.join(wrong)}")
        for name in DIGESTS:
            (ASSETS / name).write_bytes((unpacked / name).read_bytes())


if __name__ == "__main__":
    main()
