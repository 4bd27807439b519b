"""The agent behind a unix socket: take one connection, make it stdin and stdout, then be the agent.

For containers that a compose file or an orchestrator starts, so that the service needs no access to the container
engine: the container listens in a directory it shares with the service (`launchers/socket.py`) and ends when the
connection does; whoever started it starts it anew, with fresh file systems.

The directory belongs to root and to the service's group and nobody else may enter it (mode 2770 in the image), so that
a submission, which runs under another uid without that group, cannot reach the socket of another sandbox.
"""

import os
import secrets
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

from sandboxes.agent import service

_SOCKET_MODE, _FOLDER_MODE = 0o660, 0o770
_CLAIM_SECONDS = 30.0


def main() -> NoReturn:
    """Listen in the directory named on the command line, serve one connection, end. SIGTERM ends it at once."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    directory = Path(sys.argv[1])
    before = os.umask(0)
    directory.mkdir(mode=_FOLDER_MODE, exist_ok=True)  # in the group of its parent, which has the set-gid bit
    os.umask(before)
    path = directory / f"{socket.gethostname()}-{secrets.token_hex(4)}.sock"
    for left in directory.glob(f"{socket.gethostname()}-*"):  # by this container's last life
        left.unlink(missing_ok=True)
    unannounced = path.with_suffix(".new")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(unannounced))
        unannounced.chmod(_SOCKET_MODE)
        listener.listen(1)
        unannounced.rename(path)
        listener.settimeout(_CLAIM_SECONDS)
        while True:
            try:
                connection, _ = listener.accept()
                break
            except TimeoutError:
                if not path.exists():  # claimed by a service that died: end, to be started anew
                    sys.exit(1)
    connection.settimeout(None)
    for descriptor in (0, 1):
        os.dup2(connection.fileno(), descriptor)
    connection.close()
    service.main()


if __name__ == "__main__":
    main()
