"""Take the page's libraries from the npm registry anew: `python -m reward_server.window.vendor`."""

from pathlib import Path

from reward_server.pinned import Package, fetch

_KATEX_FONTS = {
    "AMS-Regular": "0cdd387c9590a1a9f9794560022dbb59654a7d86f187aa0c81495ad42d3a7308",
    "Caligraphic-Bold": "de7701e42cf1f4cf0b766c03fb27977207eee2f4fd5d76fa82188406da43ea4c",
    "Caligraphic-Regular": "5d53e70ad607c2352162dec9e0923fb54ecdafaccbf604cd8dcf7d00facb989b",
    "Fraktur-Bold": "74444efd593c005e3f4573b44524704c0af0a937fe911cca9e94068d0d140d3f",
    "Fraktur-Regular": "51814d270d06ff0255dba0799994fa4d8c84d11f09951d47595f4abb1f3602dc",
    "Main-Bold": "0f60d1b897938ec918c8ce073092411baf9438f6739465693ff18b0f9d20b021",
    "Main-BoldItalic": "99cd42a3c072d918f2f44984a807cf7aa16e13545fd0875fc07c6c65f99e715b",
    "Main-Italic": "97479ca6cce906abc961ecac96faa5f9ca2e61b8e7670d475826bcdee9a7c267",
    "Main-Regular": "c2342cd8b869e01752a9321dc17213fc40d4d04c79688c1d43f2cf316abd7866",
    "Math-BoldItalic": "dc47344dbb6cb5b655c8460d561f4df5f501b90c804ad3c6cec65fe322351ab1",
    "Math-Italic": "7af58c5ec8f132a2ddde9027c6d7814decce4d3b822a11192a42a20e2e973264",
    "SansSerif-Bold": "e99ae51144bf1232efcc1bfe5add36262c6866b0faab24fa75740e1b98577a62",
    "SansSerif-Italic": "00b26ac825e2095056396e0553b8ac26d3f8ad158c3826e28b4c45b385c4714a",
    "SansSerif-Regular": "68e8c73ef42afd3ccec58bf0fba302cce448938e7fc020a5e31f8a952eee1342",
    "Script-Regular": "036d4e95149b69ff9bcc0cd55771efeb25ffa3947293e69acd78d5ac328c684b",
    "Size1-Regular": "6b47c40166b6dbe21a5dfca7718413f2147fd2399be1ba605d8ad39cedf25dfe",
    "Size2-Regular": "d04c54219f9eaec6d4d4fd42dfb28785975a4794d6b2fc71e566b9cd6db842dd",
    "Size3-Regular": "73d591271b1604960cb10bb90fee021670af7297017e0e98480b332d11f51995",
    "Size4-Regular": "a4af7d414440a1c1790825cfb700cf9cf43b0f2c4b04f0ebc523011ad9853ec0",
    "Typewriter-Regular": "71d517d67827787cfabdf186914cc3358eda539e37931941f2b2fd4a21f68c0b",
}
_FONT_FILES = {f"fonts/KaTeX_{name}.woff2": digest for name, digest in _KATEX_FONTS.items()}
PACKAGES = [
    Package(
        "uplot",
        "1.6.32",
        {
            "uPlot.iife.min.js": (
                "dist/uPlot.iife.min.js",
                "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
            ),
            "uPlot.min.css": ("dist/uPlot.min.css", "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04"),
            "uPlot.LICENSE": ("LICENSE", "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd"),
        },
    ),
    Package(
        "katex",
        "0.19.1",
        {
            "katex.min.js": ("dist/katex.min.js", "fa140498b8cfc8302cbe5e7cb1bdbc1f952bc38b3fa258ede09e73edbf9a74bc"),
            "katex.min.css": ("dist/katex.min.css", "00e0b094171b07f58422075f469b4feac2b2f7bce1aeec943c08da4d697f4dcf"),
            "katex.LICENSE": ("LICENSE", "766ccc1f306c885aa45542a9846bbd0a505b27a0374f146778171c2254ce18e3"),
            **{name: (f"dist/{name}", digest) for name, digest in _FONT_FILES.items()},
        },
    ),
    Package(
        "@highlightjs/cdn-assets",
        "11.12.0",
        {
            "highlight.min.js": (
                "highlight.min.js",
                "8ab71eb09c51f501e5e25157d9cff100e46cc29bcbfc744d0b746d451fca7f53",
            ),
            "highlight.LICENSE": ("LICENSE", "6c081431591d9df696c82dc598fe1423765b8a299b200ed00b281afd0f64c490"),
        },
    ),
]
VENDORED = Path(__file__).parent / "vendored"

if __name__ == "__main__":
    fetch(PACKAGES, VENDORED)
