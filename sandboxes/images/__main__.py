"""Build the sandbox images; see the package."""

import sys

import docker

from sandboxes import images


def main(wanted: list[str]) -> None:
    """Build the named families, or all, and print tag and digest of each."""
    engine = docker.from_env(timeout=images.BUILD_SECONDS)
    for name, image in images.discover().items():
        if not wanted or name in wanted:
            sys.stdout.write(f"{image.tag}  {images.build(engine, image)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
