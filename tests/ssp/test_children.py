"""Processes of the launcher: restarted when they end, ended with their own children, also after a kill -9."""

import os
import subprocess
import sys
import time

import pytest

from ssp.folders import ServiceError, process_runs, wait_until
from ssp.launcher.children import Child, end_leftovers

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time\n"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print(p.pid, flush=True)\n"
    "time.sleep(60)",
]


def child(tmp_path, command):
    return Child("thing", command, tmp_path / "thing.log", tmp_path / "thing.pid", os.environ, tmp_path, grace=2.0)


def test_stop_ends_the_process_and_its_own_children(tmp_path):
    thing = child(tmp_path, PARENT)
    thing.start()
    assert wait_until(lambda: (tmp_path / "thing.log").read_text().strip().isdigit(), 30)
    grandchild = int((tmp_path / "thing.log").read_text())
    assert thing.runs()
    assert process_runs(grandchild)
    thing.stop()
    assert not thing.runs()
    assert wait_until(lambda: not process_runs(grandchild), 30)
    assert not (tmp_path / "thing.pid").exists()


def test_what_ends_again_and_again_is_given_up(tmp_path):
    thing = child(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"])
    thing.start()
    for _ in range(2):
        assert wait_until(lambda: not thing.runs(), 30)
        thing.restart()
    assert wait_until(lambda: not thing.runs(), 30)
    with pytest.raises(ServiceError, match="ended 3 times within a minute"):
        thing.restart()


def test_leftovers_of_a_killed_launcher_are_ended(tmp_path):
    thing = child(tmp_path, SLEEP)
    thing.start()
    assert end_leftovers(tmp_path) == 1
    assert wait_until(lambda: not thing.runs(), 30)
    assert not list(tmp_path.glob("*.pid"))


def test_a_number_that_is_another_process_now_is_left_alone(tmp_path):
    other = subprocess.Popen(SLEEP, start_new_session=True)
    try:
        (tmp_path / "web.pid").write_text(f"{other.pid} 12345")
        assert end_leftovers(tmp_path) == 0
        time.sleep(0.1)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_child_ends_when_the_launcher_is_killed(tmp_path):
    code = (
        "import os, signal, sys; from pathlib import Path; from ssp.launcher.children import Child\n"
        f"where = Path({str(tmp_path)!r})\n"
        f"Child('thing', {SLEEP!r}, where / 'log', where / 'thing.pid', os.environ, where).start()\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    pid = int((tmp_path / "thing.pid").read_text().split()[0])
    assert wait_until(lambda: not process_runs(pid), 30)
