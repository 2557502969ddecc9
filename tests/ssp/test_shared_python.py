"""The copy of a Python that the service account runs is whole, also when the product is started twice at once."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "script"))

from machine.python import copy_whole


@pytest.fixture
def prefix(tmp_path):
    """A Python with a library and its tests, which are left out."""
    found = tmp_path / "from" / "3.13.0"
    for path in ("bin/python", "lib/importlib/machinery.py", "lib/test/test_it.py"):
        (found / path).parent.mkdir(parents=True, exist_ok=True)
        (found / path).write_text(path)
    return found


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_another_start_that_is_ready_first_stays_whole_and_nothing_is_left_over(tmp_path, prefix, monkeypatch):
    copy, real = tmp_path / "to" / "3.13.0", shutil.copytree
    copy.parent.mkdir()

    def meanwhile(source, draft, **how):
        """While this start copies, another one begins, and is through before it."""
        monkeypatch.setattr(shutil, "copytree", real)
        copy_whole(prefix, copy)
        return real(source, draft, **how)

    monkeypatch.setattr(shutil, "copytree", meanwhile)
    copy_whole(prefix, copy)
    assert files(copy) == ["bin/python", "lib/importlib/machinery.py"]
    assert [path.name for path in copy.parent.iterdir()] == ["3.13.0"]


def test_a_copy_that_fails_is_not_taken_for_one(tmp_path, prefix):
    shutil.rmtree(prefix)
    (tmp_path / "to").mkdir()
    with pytest.raises(OSError, match="No such file"):
        copy_whole(prefix, tmp_path / "to" / "3.13.0")
    assert list((tmp_path / "to").iterdir()) == []
