"""The page tags and filters: the markup of each, and how dates and numbers read in both languages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from types import SimpleNamespace

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation

from access import dates, line_breaks
from access.templatetags import page
from access.templatetags.icons import ICONS

NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def _tenth_of_november() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 10, 9, 0, tzinfo=UTC), tick=False), translation.override("da"):
        yield


def rendered(source: str, **context: object) -> str:
    return Template("{% load page %}" + source).render(Context(context))


@pytest.mark.parametrize("name", sorted(ICONS))
def test_every_icon_is_hidden_from_screen_readers(name: str) -> None:
    assert page.icon(name).startswith('<svg class="i" viewBox="0 0 20 20" aria-hidden="true"><')


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        page.icon("no-such-icon")


def test_mark_has_letters_and_a_name() -> None:
    assert page.org("politi") == ('<span class="org politi" title="Politi"><span aria-hidden="true">Po</span><span class="vh">Politi</span></span>')
    assert ">Øv<" in page.org("unknown")


def test_who_takes_objects_and_mappings_and_escapes() -> None:
    person = SimpleNamespace(name="Ida <b>", initials="IB", mark="skole")
    html = page.who(person, "Lærer & vejleder")
    assert '<span class="av skole" aria-hidden="true">IB</span>' in html
    assert "Ida &lt;b&gt;" in html
    assert "Lærer &amp; vejleder" in html
    assert page.who(vars(person), "Lærer & vejleder") == html
    assert page.who(None) == ""


@pytest.mark.parametrize(("level", "word"), [(1, "Opbyggende"), (2, "Forebyggende"), (3, "Kriminalitetsforebyggende")])
def test_triangle_fills_one_band_and_says_which(level: int, word: str) -> None:
    html = page.lvl(level)
    assert html.count('class="on"') == 1
    assert f'aria-label="Niveau: {word}"' in html


def test_triangle_uses_the_words_of_the_kommune() -> None:
    assert 'aria-label="Niveau: Generel"' in page.lvl(1, "Generel")


def test_steps_and_dots_show_the_number() -> None:
    assert page.trin(2, 3).count('class="on"') == 2
    assert 'aria-label="Trin 2 af 3"' in page.trin(2, 3)
    assert page.concern(3).count('class="on"') == 3
    assert 'aria-label="Bekymringsniveau 3 af 4"' in page.concern(3)  # not a trin: that is the kommune's own scale
    dots = page.dots(2, 4, "2 af 4 møder holdt")
    assert (dots.count('"on"'), dots.count('"next"'), dots.count("<circle")) == (2, 1, 4)
    assert page.dots(5, 4, "5 af 4").count('"on"') == 5
    assert page.dots(0, 52, "0 af 52") == ""


def test_tick_posts_to_the_page_or_to_its_own_address() -> None:
    agreement = SimpleNamespace(public_id="k7f3", what="Book <lokale>", is_done=False)
    html = rendered("{% tick a %}", a=agreement, tick_url="/t/aftaler/udfoert/")
    assert 'form="udfoert" name="aftale" value="k7f3" aria-pressed="false"' in html
    assert 'aria-label="Markér som udført: Book &lt;lokale&gt;"' in html
    assert 'formaction="/t/aftaler/udfoert/" hx-post="/t/aftaler/udfoert/"' in html
    other = rendered('{% tick a "Opfølgning" url="/x/" %}', a=agreement, tick_url="/t/aftaler/udfoert/")
    assert 'hx-post="/x/"' in other
    assert "lokale" not in other


def test_tick_of_a_done_agreement_is_pressed() -> None:
    agreement = SimpleNamespace(public_id="k7f3", what="Book lokale", is_done=True)
    html = rendered("{% tick a %}", a=agreement)
    assert 'aria-pressed="true"' in html
    assert "hx-post" not in html


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("§ 115", f"§{NBSP}115"),
        ("§ 115-møde", f"§{NBSP}115\u2060-\u2060møde"),
        ("kl. 9.30", f"kl.{NBSP}9.30"),
        ("den 12. nov. og 3. juni", f"den 12.{NBSP}nov. og 3.{NBSP}juni"),
        ("21 %", f"21{NBSP}%"),
        ("punkt 4. Novelle", "punkt 4. Novelle"),
    ],
)
def test_dk_keeps_words_together(text: str, kept: str) -> None:
    assert line_breaks.dk(text) == kept


def test_dk_escapes_what_a_person_typed_and_leaves_markup_alone() -> None:
    assert rendered("{{ t|dk }}", t="<b>§ 1</b>") == f"&lt;b&gt;§{NBSP}1&lt;/b&gt;"
    assert rendered("{{ t|safe|dk }}", t="<b>§ 1</b>") == f"<b>§{NBSP}1</b>"


@pytest.mark.parametrize(
    ("value", "danish", "english"),
    [
        (date(2026, 11, 10), "i dag", "today"),
        (date(2026, 11, 11), "i morgen", "tomorrow"),
        (date(2026, 11, 13), f"fre 13.{NBSP}nov.", "Fri 13 Nov"),
        (date(2027, 6, 15), f"tir 15.{NBSP}juni 2027", "Tue 15 Jun 2027"),
        (datetime(2026, 11, 10, 23, 30, tzinfo=UTC), "i morgen", "tomorrow"),
        (None, "", ""),
    ],
)
def test_day(value: date | None, danish: str, english: str) -> None:
    assert dates.day(value) == danish
    with translation.override("en"):
        assert dates.day(value) == english


@pytest.mark.parametrize(
    ("value", "danish", "english"),
    [
        (date(2026, 11, 2), f"2.{NBSP}nov. · 8 dage over", "2 Nov · 8 days over"),
        (date(2026, 11, 9), f"9.{NBSP}nov. · 1 dag over", "9 Nov · 1 day over"),
        (date(2026, 11, 10), "i dag", "today"),
        (None, "", ""),
    ],
)
def test_overdue(value: date | None, danish: str, english: str) -> None:
    assert dates.overdue(value) == danish
    with translation.override("en"):
        assert dates.overdue(value) == english


def test_a_long_day_says_another_year() -> None:
    assert dates.longday(date(2026, 11, 11)) == f"onsdag 11.{NBSP}november"
    assert dates.longday(datetime(2027, 1, 19, 23, 30, tzinfo=UTC)) == f"onsdag 20.{NBSP}januar 2027"


def test_clock_is_local_time() -> None:
    value = datetime(2026, 11, 10, 8, 30, tzinfo=UTC)
    assert dates.clock(value) == "9.30"
    assert dates.clock(time(13, 5)) == "13.05"
    assert dates.clock(None) == ""
    with translation.override("en"):
        assert dates.clock(value) == "9:30"


@pytest.mark.parametrize(("minutes", "danish", "english"), [((0, 0), "9–14", "9:00–14:00"), ((30, 0), "9.30–14.00", "9:30–14:00"), ((0, 15), "9.00–14.15", "9:00–14:15")])
def test_whole_hours_are_said_without_minutes(minutes: tuple[int, int], danish: str, english: str) -> None:
    begins, ends = datetime(2026, 11, 10, 8, minutes[0], tzinfo=UTC), datetime(2026, 11, 10, 13, minutes[1], tzinfo=UTC)
    assert dates.clocks(begins, ends) == danish
    with translation.override("en"):
        assert dates.clocks(begins, ends) == english


@pytest.mark.parametrize(
    ("first", "last", "danish"),
    [
        (date(2026, 11, 9), date(2026, 11, 9), f"9.{NBSP}november"),
        (date(2026, 11, 3), date(2026, 11, 9), f"3.–9.{NBSP}november"),
        (date(2026, 9, 28), date(2026, 10, 4), f"28.{NBSP}september – 4.{NBSP}oktober"),
        (date(2026, 12, 28), date(2027, 1, 3), f"28.{NBSP}december 2026 – 3.{NBSP}januar 2027"),
        (date(2025, 9, 28), date(2025, 10, 4), f"28.{NBSP}september – 4.{NBSP}oktober 2025"),
    ],
)
def test_daterange(first: date, last: date, danish: str) -> None:
    assert dates.daterange(first, last) == danish


def test_numbers_follow_the_language() -> None:
    assert page.number(1140) == "1.140"
    assert page.number(18.3) == "18,3"
    assert page.number(18.34, 1) == "18,3"
    assert page.number(None) == ""
    with translation.override("en"):
        assert (page.number(1140), page.number(18.3)) == ("1,140", "18.3")


def test_inline_svg_drops_the_prolog() -> None:
    assert page.inline_svg('<?xml version="1.0"?>\n<svg viewBox="0 0 1 1"/>') == '<svg viewBox="0 0 1 1"/>'


def test_options_select_the_chosen_one_and_escape() -> None:
    choices = [("a", "Første"), ("b", "<b>")]
    assert rendered("{% options choices 'b' %}", choices=choices) == '<option value="a">Første</option><option value="b" selected>&lt;b&gt;</option>'
