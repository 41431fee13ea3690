"""KaTeX's server is waited for, and no longer than is said."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest
from sphinxcontrib.katex import KaTeXError, KaTeXServer

from book.formulas import find_node, start_server

# Binds its socket, is not listening for a while, then sends back what it gets.
LATE = """
import socket, sys, time
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
time.sleep(0.3)
server.listen()
connection, _ = server.accept()
connection.sendall(connection.recv(100))
"""
pytestmark = pytest.mark.skipif(
    not hasattr(socket, "AF_UNIX"), reason="Sphinx asks KaTeX by TCP there"
)


def test_node_comes_with_its_package():
    assert Path(find_node()).is_file()


def test_a_socket_that_nobody_listens_to_yet_is_tried_again(monkeypatch, tmp_path):
    def command(socket: Path) -> list[str]:
        return [sys.executable, "-c", LATE, str(socket)]

    monkeypatch.setattr(KaTeXServer, "build_command", command)
    process, connection = start_server(tmp_path, timeout=60)
    with process, connection:
        connection.sendall(b"formula")
        assert connection.recv(100) == b"formula"


def test_a_server_that_never_listens_is_told(monkeypatch, tmp_path):
    code = "import time; time.sleep(600)"
    monkeypatch.setattr(KaTeXServer, "build_command", lambda socket: [sys.executable, "-c", code])
    with pytest.raises(KaTeXError):
        start_server(tmp_path, timeout=0.5)
