"""Build the sandbox images, as many at once as there are cores; see the package."""

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import docker

from sandboxes import images


def main() -> None:
    """Build the named families, or all, and print tag and digest of each."""
    known = images.discover()
    parser = argparse.ArgumentParser(prog="python -m sandboxes.images", description=main.__doc__)
    parser.add_argument("families", nargs="*", metavar="family", help=", ".join(known))
    parser.add_argument("--version", help="also tag them with this, as docker-compose.yml names them")
    asked = parser.parse_args()
    if unknown := set(asked.families) - set(known):
        parser.error(f"there is no family {', '.join(sorted(unknown))}, but {', '.join(known)}")
    found = [image for name, image in known.items() if not asked.families or name in asked.families]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for line in pool.map(lambda image: _build(image, asked.version), found):
            sys.stdout.write(line)
            sys.stdout.flush()


def _build(image: images.Image, version: str | None) -> str:
    engine = docker.from_env(timeout=images.BUILD_SECONDS)
    try:
        digest = images.build(engine, image)
        if version:
            engine.images.get(digest).tag(image.tag.partition(":")[0], version)
        return f"{image.tag}  {digest}\n"
    finally:
        engine.close()


if __name__ == "__main__":
    main()
