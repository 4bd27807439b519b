"""Take Swagger UI's files from the npm registry anew: `python -m reward_server.http.docs.vendor`."""

from pathlib import Path

from reward_server.pinned import Package, fetch

_DIGESTS = {
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
    "favicon-32x32.png": "3ed612f41e050ca5e7000cad6f1cbe7e7da39f65fca99c02e99e6591056e5837",
    "LICENSE": "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
}
PACKAGES = [Package("swagger-ui-dist", "5.35.0", {name: (name, digest) for name, digest in _DIGESTS.items()})]
ASSETS = Path(__file__).parent / "assets"

if __name__ == "__main__":
    fetch(PACKAGES, ASSETS)
