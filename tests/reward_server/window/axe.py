"""The accessibility checker that the page is held to; `python -m tests.reward_server.window.axe` takes it anew."""

from pathlib import Path

from reward_server.pinned import Package, fetch

PACKAGES = [
    Package(
        "axe-core",
        "4.14.1",
        {
            "axe.min.js": ("axe.min.js", "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"),
            "axe.LICENSE": ("LICENSE", "af175b9d96ee93c21a036152e1b905b0b95304d4ae8c2c921c7609100ba8df7e"),
        },
    )
]
VENDORED = Path(__file__).parent / "vendored"

if __name__ == "__main__":
    fetch(PACKAGES, VENDORED)
