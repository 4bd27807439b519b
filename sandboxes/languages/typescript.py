"""TypeScript on Node.js: types are stripped by esbuild, not checked."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.ts",
    aliases=("ts", "tsx", "mts", "cts", "deno"),
    compile=(
        "esbuild",
        "solution.ts",
        "--platform=node",
        "--format=cjs",
        "--log-level=warning",
        "--outfile=solution.js",
    ),
    run=("node", "--stack-size=65500", "{artifact}/solution.js"),
    version=("esbuild", "--version"),
    self_test="const stream: NodeJS.ReadStream = process.stdin;\nstream.pipe(process.stdout);\n",
    environment={"OPENSSL_CONF": "/dev/null"},
    extra_memory_bytes=256 * 1024 * 1024,
    extra_processes=32,
    limit_address_space=False,
)
