"""CPR numbers: taken in, doubted, and spotted in free text."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import cpr


@pytest.mark.parametrize("typed", ["320611-0000", "3206110000", "320611 0000", " 320611-0000 "])
def test_the_ways_of_writing_one_number(typed):
    assert cpr.compact(typed) == "3206110000"


@pytest.mark.parametrize("typed", ["", "12345", "320611-000", "32061100000", "320611-000x", "abcdefghij"])
def test_what_is_no_number_is_refused_with_a_sentence(typed):
    with pytest.raises(ValueError, match="ti cifre"):
        cpr.compact(typed)


@pytest.mark.parametrize(("number", "doubtful"), [("3206110000", True), ("0102030000", False), ("0113030000", True)])
def test_an_impossible_date_is_doubted_not_refused(number, doubtful):
    assert cpr.is_doubtful(number) is doubtful


@pytest.mark.parametrize("text", ["Se 010203-1234.", "0102031234", "010203 1234", "nr.(311299-9999)"])
def test_a_number_in_a_text_is_spotted(text):
    assert cpr.is_in("intet her", text)


@pytest.mark.parametrize("text", ["", "Ring 12 34 56 78", "sag 2026-014", "991399-1234", "den 01.02.2003 kl. 12.34", "12345678901234"])
def test_other_figures_are_let_be(text):
    assert not cpr.is_in(text)


@given(st.text())
def test_no_text_breaks_it(text):
    cpr.is_in(text)
    with suppress(ValueError):
        assert len(cpr.compact(text)) == 10
