"""Build the sandbox images, as many at once as there are cores; see the package."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import docker

from sandboxes import images


def main(wanted: list[str]) -> None:
    """Build the named families, or all, and print tag and digest of each."""
    found = [image for name, image in images.discover().items() if not wanted or name in wanted]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for line in pool.map(_build, found):
            sys.stdout.write(line)
            sys.stdout.flush()


def _build(image: images.Image) -> str:
    engine = docker.from_env(timeout=images.BUILD_SECONDS)
    try:
        return f"{image.tag}  {images.build(engine, image)}\n"
    finally:
        engine.close()


if __name__ == "__main__":
    main(sys.argv[1:])
