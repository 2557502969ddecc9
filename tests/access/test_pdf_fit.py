"""A PDF judged while it is laid up: the book's own verdict, by a process that nothing can be got out of and that is over when its time is."""

import os
import subprocess
import sys
import time

import pytest

from access import pdf_fit
from access.pdf_fit import why_unfit
from access.pdf_pages import MOST_PAGES
from tests.access.test_file_kinds import PDF, PNG
from tests.access.test_pdf_pages import bare, blank


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (blank(user_password="hemmelig"), "locked"), (blank(user_password="hemmelig", algorithm="AES-256"), "locked"), (PDF, "broken"), (bare()[:1500], "broken"),
        (blank(MOST_PAGES + 1), "long"), (blank(2), ""), (bare(), ""), (blank(user_password="", owner_password="x"), ""), (PNG, ""), (b"", ""), (b"ord", ""),
    ],
)  # fmt: skip
def test_it_says_what_the_book_would_say(content, word):
    assert why_unfit(content) == word


def test_a_file_that_takes_too_long_is_given_up_and_nothing_is_said_of_it(monkeypatch):
    monkeypatch.setattr(pdf_fit, "SECONDS", 1)
    monkeypatch.setattr(sys, "executable", _slow(monkeypatch))
    begun = time.monotonic()
    assert why_unfit(blank()) == "" and time.monotonic() - begun < 4


def _slow(monkeypatch):
    """A process that never answers, in place of the judge."""
    real = subprocess.run

    def run(command, **kwargs):
        return real(["sleep", "60"], **kwargs)

    monkeypatch.setattr(subprocess, "run", run)
    return sys.executable


def test_a_machine_that_starts_no_process_takes_the_file_all_the_same(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert why_unfit(PDF) == ""


def test_the_process_has_its_limits_and_none_of_our_secrets(monkeypatch, tmp_path):
    """What the child would tell: asked of it through a module of the same name that stands in its place."""
    seen = tmp_path / "access"
    seen.mkdir()
    (seen / "__init__.py").write_text("")
    (seen / "pdf_fit.py").write_text("import os, sys; sys.stdin.buffer.read(); open('told', 'w').write(' '.join(sorted(os.environ)))")
    monkeypatch.setenv("SSP_SECRET_KEY", "hemmelig")
    real = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda command, **kwargs: real(command, **{**kwargs, "cwd": tmp_path}))
    why_unfit(blank())
    assert set((tmp_path / "told").read_text().split()) <= {*pdf_fit.HANDED_ON, "LC_CTYPE", "PWD"}
    assert "SSP_SECRET_KEY" in os.environ


def test_a_judge_that_runs_out_of_memory_says_nothing(monkeypatch):
    def exhausted(_content):
        raise pdf_fit.CannotTakeError("broken") from MemoryError()

    monkeypatch.setattr(pdf_fit, "take_pages", exhausted)
    assert pdf_fit._judged(PDF) == ""
