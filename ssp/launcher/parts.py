"""The parts of the running product and their commands, in the order they start; they end in the opposite order."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ssp.launcher.children import Child
from ssp.launcher.home import CODE, Home

THREADS = 4  # of each web process; below the size of its database pool


@dataclass(frozen=True)
class Ports:
    """Where the web server and the mail sink listen, on 127.0.0.1. mail is None when mail goes elsewhere."""

    web: int
    mail: int | None


def parts(home: Home, environment: Mapping[str, str], ports: Ports) -> list[Child]:
    """The product's processes, not yet started: mail sink, worker, scheduler, web server."""
    commands: dict[str, list[str]] = {}
    if ports.mail is not None:
        commands["mail sink"] = ["-m", "ssp.mailsink", "--port", str(ports.mail), "--folder", str(home.folder("mail"))]
    commands["worker"] = worker()
    commands["scheduler"] = scheduler(home.folder("run"))
    commands["web server"] = web_server(ports.web)
    children = [_child(name, command, home, environment) for name, command in commands.items()]
    next(child for child in children if child.name == "worker").grace = 10.0  # a job may finish; else it is done again
    return children


def web_server(port: int) -> list[str]:
    """granian: two processes that replace each other when one dies."""
    return ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2",
            "--blocking-threads", str(THREADS), "--http", "1", "--no-ws", "--respawn-failed-workers",
            "--workers-kill-timeout", "4", "ssp.wsgi:application"]  # fmt: skip


def worker() -> list[str]:
    """Two processes, replaced after some jobs or when a large PDF has made them big."""
    return ["-m", "celery", "-A", "ssp", "worker", "--concurrency", "2", "--max-tasks-per-child", "50",
            "--max-memory-per-child", "400000", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]  # fmt: skip


def scheduler(run: Path) -> list[str]:
    """celery beat; its file says when each job last ran."""
    return ["-m", "celery", "-A", "ssp", "beat", "--schedule", str(run / "beat"), "--loglevel", "INFO"]


def _child(name: str, command: list[str], home: Home, environment: Mapping[str, str]) -> Child:
    short = name.split()[0]
    return Child(name, [sys.executable, *command], home.log(short), home.folder("run") / f"{short}.pid", environment, CODE)
