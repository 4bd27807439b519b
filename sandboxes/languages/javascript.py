"""JavaScript on Node.js, as a CommonJS script; a deep stack, because recursion is common."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.js",
    aliases=("js", "node", "nodejs", "node.js", "ecmascript", "jsx", "mjs", "cjs", "es"),
    run=("node", "--stack-size=65500", "{artifact}/solution.js"),
    version=("node", "--version"),
    self_test="process.stdin.pipe(process.stdout);\n",
    environment={"OPENSSL_CONF": "/dev/null"},
    extra_memory_bytes=256 * 1024 * 1024,
    extra_processes=32,
    limit_address_space=False,
)
