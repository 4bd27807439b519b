"""The agent behind a unix socket: take one connection, make it stdin and stdout, then be the agent.

For containers that a compose file or an orchestrator starts, so that the service needs no access to the container
engine: the container listens in a directory it shares with the service (`launchers/socket.py`) and ends when the
connection does; whoever started it starts it anew, with fresh file systems.

The directory belongs to root and to the service's group and nobody else may enter it (mode 2770 in the image), so that
a submission, which runs under another uid without that group, cannot reach the socket of another sandbox.
"""

import contextlib
import os
import secrets
import socket
import sys
from typing import NoReturn

from sandboxes.agent import service

_SOCKET_MODE = 0o660


def main() -> NoReturn:
    """Listen in the directory named on the command line, serve one connection, end."""
    directory = sys.argv[1]
    path = os.path.join(directory, f"{socket.gethostname()}-{secrets.token_hex(4)}.sock")
    for entry in os.scandir(directory):  # left by this container's last life
        if entry.name.startswith(f"{socket.gethostname()}-"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(entry.path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        os.chmod(path, _SOCKET_MODE)
        listener.listen(1)
        connection, _ = listener.accept()
    os.unlink(path)
    for descriptor in (0, 1):
        os.dup2(connection.fileno(), descriptor)
    connection.close()
    service.main()


if __name__ == "__main__":
    main()
