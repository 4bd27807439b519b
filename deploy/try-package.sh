#!/usr/bin/env bash
# try-package.sh WHEEL VERSION: the wheel in clean environments, then the image, each asked for a verdict.
set -euo pipefail
wheel=$(realpath "$1") version=$2
root=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
server='' container=''
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$container" ] || docker rm -f "$container" >/dev/null
  rm -rf "$place"
}
trap finish EXIT
cd "$place" # where no file of the checkout can be imported by accident

install() { # an environment, what is installed into it
  python3 -m venv "$1" && "$1/bin/python" -m pip --disable-pip-version-check -q install -c "$root/constraints.txt" "$2"
}
ask() { # a port
  for _ in $(seq 100); do
    curl -sf "http://127.0.0.1:$1/readyz" >/dev/null && break
    sleep 0.3
  done
  curl -sf "http://127.0.0.1:$1/score" -H 'content-type: application/json' -d '{"items": [
    {"task": {"kind": "math", "ground_truth": "1/2"}, "completion": "so \\boxed{0.5}"}]}' | grep -q '"outcome":"correct"'
}

install trainer "$wheel"
if trainer/bin/trainer-client --help 2>said || ! grep -q "reward-server\[cli\]" said; then cat said; exit 1; fi
trainer/bin/python - <<'PYTHON'
import importlib.util

from trainer_client import RewardClient, pair  # noqa: F401

there = [name for name in ("torch", "fastapi", "sympy", "docker", "typer") if importlib.util.find_spec(name)]
assert not there, f"the client alone brings {there}"
PYTHON
install commands "$wheel[cli]"
commands/bin/trainer-client --help >/dev/null
echo "wheel: the client alone is installed and imported, without server and torch"

install server "$wheel[server]"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
REWARD_CACHE_FILE=memory server/bin/reward-server serve --sandbox none --port "$port" >server.log 2>&1 &
server=$!
ask "$port" || { cat server.log; exit 1; }
curl -sf "http://127.0.0.1:$port/docs/assets/swagger-ui.css" >/dev/null
echo "wheel: the server gives a right verdict, and its page is whole"

if docker info >/dev/null 2>&1; then
  docker build -q -t "reward-server:$version" -f "$root/reward_server/Dockerfile" "$root" >/dev/null
  container=$(docker run -d --read-only --tmpfs /tmp --cap-drop ALL -e REWARD_CACHE_FILE=memory -p 127.0.0.1:0:8000 \
    "reward-server:$version" reward-server serve --host 0.0.0.0 --sandbox none)
  ask "$(docker port "$container" 8000 | sed 's/.*://')" || { docker logs "$container"; exit 1; }
  echo "image: reward-server:$version gives a right verdict"
else
  echo "image: not built, no Docker engine answers"
fi
