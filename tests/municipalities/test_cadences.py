"""How a cadence reads, in Danish and in English."""

import pytest
from django.utils import translation

from municipalities.cadence_rules import faults, tidy
from municipalities.cadences import cadence_sentence
from municipalities.models import Forum
from municipalities.preset_files import FOLDER, read_preset
from municipalities.preset_rules import forum_fields


@pytest.mark.parametrize(
    ("cadence", "danish", "english"),
    [
        (("PER_YEAR", 3, "MIN", 0, ""), "min. 3 møder om året", "at least 3 meetings a year"),
        (("PER_YEAR", 1, "EXACTLY", 0, ""), "1 møde om året", "1 meeting a year"),
        (("PER_YEAR", 4, "CA", 0, ""), "ca. 4 møder om året", "about 4 meetings a year"),
        (("PER_YEAR", 3, "EXACTLY", 1, ""), "3 møder om året og 1 ad hoc", "3 meetings a year and 1 extra"),
        (("PER_YEAR", 3, "EXACTLY", 0, "+ kursus"), "3 møder om året og kursus", "3 meetings a year and kursus"),
        (("PER_YEAR", 2, "EXACTLY", 0, "i foråret"), "2 møder om året, i foråret", "2 meetings a year, i foråret"),
        (("WEEKS", 3, "EXACTLY", 0, "+ ad hoc"), "hver 3. uge og ad hoc", "every 3 weeks and ad hoc"),
        (("WEEKS", 1, "EXACTLY", 0, ""), "hver uge", "every week"),
        (("MONTHS", 2, "EXACTLY", 0, ""), "hver 2. måned", "every 2 months"),
        (("NONE", 0, "EXACTLY", 0, ""), "efter behov", "when needed"),
        (("NONE", 0, "EXACTLY", 0, "når det haster"), "når det haster", "når det haster"),
    ],
)
def test_a_cadence_reads_as_a_phrase(cadence, danish, english):
    unit, number, qualifier, extra, note = cadence
    forum = Forum(cadence_unit=unit, cadence_number=number, cadence_qualifier=qualifier, cadence_extra=extra, cadence_note=note)
    with translation.override("da"):
        assert cadence_sentence(forum) == danish
    with translation.override("en"):
        assert cadence_sentence(forum) == english


# ---- every time rule that the five kommuner have -----------------------------------------------------------------
STEERING = Forum(pk=1, name="SSP styregruppe", ceiling="INTERNAL", cadence_unit="PER_YEAR", cadence_number=3)
RULES = {
    "overleveringsmøde": ({"unit": "WEEKS", "number": 1}, "hver uge", "every week"),
    "de tre instanser mødes": ({"unit": "WEEKS", "number": 1, "note": "de tre instanser"}, "hver uge, de tre instanser", "every week, de tre instanser"),
    "§ 115-møder": ({"unit": "WEEKS", "number": 3, "note": "+ ad hoc"}, "hver 3. uge og ad hoc", "every 3 weeks and ad hoc"),
    "distriktsgruppe": ({"unit": "MONTHS", "number": 2}, "hver 2. måned", "every 2 months"),
    "forebyggelsesnetværk": ({"unit": "MONTHS", "number": 3}, "hver 3. måned", "every 3 months"),
    "lokalråd": ({"unit": "PER_YEAR", "number": 4, "qualifier": "CA"}, "ca. 4 møder om året", "about 4 meetings a year"),
    "kredsråd": ({"unit": "PER_YEAR", "number": 2, "qualifier": "MIN"}, "min. 2 møder om året", "at least 2 meetings a year"),
    "styregruppe": ({"unit": "PER_YEAR", "number": 3, "qualifier": "MIN"}, "min. 3 møder om året", "at least 3 meetings a year"),
    "SSP Grundskole": ({"unit": "PER_YEAR", "number": 3, "note": "+ kursus"}, "3 møder om året og kursus", "3 meetings a year and kursus"),
    "SSP+": ({"unit": "PER_YEAR", "number": 3, "extra": 1}, "3 møder om året og 1 ad hoc", "3 meetings a year and 1 extra"),
    "netværksgruppe": (
        {"unit": "AT_MEETING", "number": 4, "extra": 1}, "4 møder om året, aftales fra gang til gang, og 1 ad hoc",
        "4 meetings a year, the next date is set at each meeting, and 1 extra",
    ),
    "akutgruppe": ({"unit": "NONE", "notice_days": 3}, "efter behov, med 3 dages varsel", "when needed, at 3 days' notice"),
    "arbejdsgruppe efter styregruppen": ({"unit": "AFTER", "of": STEERING}, "efter hvert møde i SSP styregruppe", "after each meeting of SSP styregruppe"),
    "formøde": ({"unit": "BEFORE", "of": STEERING}, "før hvert møde i SSP styregruppe", "before each meeting of SSP styregruppe"),
    "datarapport": (
        {"unit": "BEFORE", "of": STEERING, "note": "årets første"},
        "før hvert møde i SSP styregruppe, årets første", "before each meeting of SSP styregruppe, årets første",
    ),
    "fokusområde": ({"unit": "PER_YEAR", "number": 1}, "1 møde om året", "1 meeting a year"),
    "indsatsområder": ({"unit": "PER_YEAR", "number": 1, "months": [2], "year_parity": "ODD"}, "1 møde i februar i ulige år", "1 meeting in February in odd years"),
    "opfølgning på indsatser": ({"unit": "MONTHS", "number": 12}, "hver 12. måned", "every 12 months"),
    "UPU": (
        {"unit": "PER_YEAR", "number": 1, "months": [1], "note": "sidst i måneden"},
        "1 møde om året, i januar, sidst i måneden", "1 meeting a year, in January, sidst i måneden",
    ),
    "årshjul": ({"unit": "PER_YEAR", "number": 1, "week_from": 2, "week_to": 10}, "1 møde om året, i uge 2–10", "1 meeting a year, in week 2–10"),
    "funktionsbeskrivelse": (
        {"unit": "PER_YEAR", "number": 2, "months": [3, 10], "note": "udkast på det første"}, "2 møder om året, i marts og oktober, udkast på det første",
        "2 meetings a year, in March and October, udkast på det første",
    ),
    "opsøgende": ({"unit": "NONE", "note": "2–3 gange om ugen i tre byer"}, "2–3 gange om ugen i tre byer", "2–3 gange om ugen i tre byer"),
    "samråd": ({"unit": "MONTHS", "number": 1}, "hver måned", "every month"),
    "politiets liste": ({"unit": "WEEKS", "number": 1, "note": "om den forgangne uge"}, "hver uge, om den forgangne uge", "every week, om den forgangne uge"),
}  # fmt: skip


def forum_with(**cadence):
    return Forum(**{f"cadence_{name}": value for name, value in cadence.items()})


@pytest.mark.parametrize("rule", RULES)
def test_each_of_the_24_rules_can_be_said(rule):
    cadence, danish, english = RULES[rule]
    for language, phrase in (("da", danish), ("en", english)):
        with translation.override(language):
            assert cadence_sentence(forum_with(**cadence)) == phrase


def test_there_are_24_rules():
    assert len(RULES) == 24


@pytest.mark.parametrize("rule", RULES)
def test_each_of_the_24_rules_is_possible(rule):
    forum = forum_with(**RULES[rule][0])
    assert [fault.sentence for fault in faults(forum, {})] == []


@pytest.mark.parametrize(
    ("cadence", "danish"),
    [
        ({"unit": "AT_MEETING"}, "aftales fra gang til gang"),
        ({"unit": "AT_MEETING", "note": "+ ad hoc"}, "aftales fra gang til gang og ad hoc"),
        ({"unit": "AT_MEETING", "number": 4, "qualifier": "MIN"}, "min. 4 møder om året, aftales fra gang til gang"),
        ({"unit": "WEEKS", "number": 1, "week_from": 2, "week_to": 10}, "hver uge, i uge 2–10"),
        ({"unit": "WEEKS", "number": 1, "week_from": 6, "week_to": 6}, "hver uge, i uge 6"),
        ({"unit": "WEEKS", "number": 2, "months": [1, 2, 3]}, "hver 2. uge, i januar, februar og marts"),
        ({"unit": "WEEKS", "number": 2, "year_parity": "EVEN", "notice_days": 1}, "hver 2. uge, i lige år, med 1 dags varsel"),
        ({"unit": "PER_YEAR", "number": 2, "year_parity": "EVEN"}, "2 møder i lige år"),
        ({"unit": "PER_YEAR", "number": 1, "week_from": 48, "week_to": 5, "year_parity": "ODD"}, "1 møde i uge 48–5 i ulige år"),
        ({"unit": "PER_YEAR", "number": 2, "months": [9, 2], "qualifier": "MIN", "extra": 2}, "min. 2 møder om året, i februar og september, og 2 ad hoc"),
        ({"unit": "MONTHS", "number": 2, "qualifier": "CA", "notice_days": 14, "note": "på skift hos skolerne"}, "ca. hver 2. måned, med 14 dages varsel, på skift hos skolerne"),
        ({"unit": "AFTER", "of": STEERING, "extra": 1, "notice_days": 7}, "efter hvert møde i SSP styregruppe og 1 ad hoc, med 7 dages varsel"),
        ({"unit": "BEFORE", "of": STEERING, "qualifier": "MIN", "number": 3}, "før hvert møde i SSP styregruppe"),
        ({"unit": "NONE", "note": "når det haster", "notice_days": 2}, "når det haster, med 2 dages varsel"),
    ],
)  # fmt: skip
def test_combinations_read_as_danish(cadence, danish):
    with translation.override("da"):
        assert cadence_sentence(forum_with(**cadence)) == danish


# ---- what cannot be -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cadence", "field"),
    [
        ({"unit": "WEEKS", "number": 0}, "number"),
        ({"unit": "WEEKS", "number": 53}, "number"),
        ({"unit": "MONTHS", "number": 13}, "number"),
        ({"unit": "PER_YEAR", "number": 0}, "number"),
        ({"unit": "PER_YEAR", "number": 61}, "number"),
        ({"unit": "PER_YEAR", "number": 11, "week_from": 2, "week_to": 3}, "number"),
        ({"unit": "WEEKS", "number": 3, "week_from": 2, "week_to": 3}, "number"),
        ({"unit": "WEEKS", "number": 1, "week_from": 60, "week_to": 5}, "week_from"), ({"unit": "WEEKS", "number": 1, "week_from": 1, "week_to": 54}, "week_to"),
        ({"unit": "WEEKS", "number": 1, "week_from": 5}, "week_to"), ({"unit": "WEEKS", "number": 1, "week_to": 5}, "week_from"),
        ({"unit": "WEEKS", "number": 1, "week_from": 40, "week_to": 30}, "week_to"),
        ({"unit": "PER_YEAR", "number": 1, "months": [2], "week_from": 5, "week_to": 9}, "months"), ({"unit": "PER_YEAR", "number": 1, "months": [13]}, "months"),
        ({"unit": "AFTER"}, "of"), ({"unit": "PER_YEAR", "number": 2, "extra": 21}, "extra"), ({"unit": "NONE", "notice_days": 91}, "notice_days"),
    ],
)  # fmt: skip
def test_an_impossible_cadence_is_refused_with_a_sentence(cadence, field):
    found = faults(forum_with(**cadence), {})
    assert [fault.field for fault in found] == [f"cadence_{field}"]
    assert found[0].sentence.endswith(".")


def test_a_window_over_new_year_is_possible():
    assert faults(forum_with(unit="WEEKS", number=1, week_from=48, week_to=5), {}) == []


def test_nobody_follows_himself_nor_a_ring_nor_a_forum_without_rhythm():
    first, second, third = (Forum(pk=number, name=f"F{number}", ceiling="INTERNAL", cadence_unit="PER_YEAR", cadence_number=1) for number in (1, 2, 3))
    first.cadence_unit, first.cadence_of = "AFTER", first
    assert [fault.field for fault in faults(first, {1: None})] == ["cadence_of"]
    first.cadence_of = second
    assert faults(first, {2: None, 3: None}) == []
    assert [fault.field for fault in faults(first, {2: 3, 3: 1})] == ["cadence_of"]
    assert [fault.field for fault in faults(first, {2: 3, 3: 2})] == ["cadence_of"]
    second.cadence_unit = "NONE"
    assert [fault.field for fault in faults(first, {2: None})] == ["cadence_of"]
    third.cadence_unit = "NONE"
    assert [fault.field for fault in faults(third, {2: 3})] == ["cadence_unit"]


def test_an_open_forum_cannot_give_away_the_dates_of_a_closed_one():
    closed = Forum(pk=1, name="115", ceiling="PERSON_115", cadence_unit="WEEKS", cadence_number=3)
    follower = Forum(pk=2, ceiling="INTERNAL", cadence_unit="AFTER", cadence_of=closed)
    assert [fault.field for fault in faults(follower, {})] == ["cadence_of"]
    follower.ceiling = "PERSON_115"
    assert faults(follower, {}) == []


def test_what_does_not_belong_to_the_form_is_put_back():
    fields = {
        "cadence_unit": "AFTER", "cadence_number": 3, "cadence_of": STEERING, "cadence_months": [2],
        "cadence_week_from": 2, "cadence_note": "x", "cadence_year_parity": "ODD"
    }
    assert tidy(fields) == {
        "cadence_unit": "AFTER", "cadence_number": 0, "cadence_qualifier": "EXACTLY", "cadence_extra": 0, "cadence_of": STEERING, "cadence_months": [],
        "cadence_week_from": None, "cadence_week_to": None, "cadence_year_parity": "", "cadence_note": "x", "cadence_notice_days": 0,
    }  # fmt: skip


# ---- what the presets say -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.toml")))
def test_every_cadence_of_a_preset_is_possible_and_can_be_said(name):
    rows = {row["key"]: row for row in read_preset(name).get("forums", [])}
    forums = {key: Forum(pk=number, **forum_fields(row)) for number, (key, row) in enumerate(rows.items(), start=1)}
    for key, row in rows.items():
        forums[key].cadence_of = forums.get(row.get("cadence", {}).get("of", ""))
    followed = {forum.pk: forum.cadence_of_id for forum in forums.values()}
    wrong = [(key, fault.sentence) for key, forum in forums.items() for fault in faults(forum, followed)]
    assert wrong == []
    assert all(cadence_sentence(forum) for forum in forums.values())


@pytest.mark.parametrize(
    ("cadence", "promised"),
    [
        ({"unit": "WEEKS", "number": 1}, 52), ({"unit": "WEEKS", "number": 3}, 17), ({"unit": "MONTHS", "number": 2}, 6),
        ({"unit": "WEEKS", "number": 2, "week_from": 48, "week_to": 5}, 5), ({"unit": "WEEKS", "number": 1, "week_from": 1, "week_to": 53}, 52),
        ({"unit": "WEEKS", "number": 2, "months": [2, 3, 4]}, 6), ({"unit": "MONTHS", "number": 2, "week_from": 1, "week_to": 26}, 3),
        ({"unit": "PER_YEAR", "number": 1, "year_parity": "ODD"}, None), ({"unit": "PER_YEAR", "number": 1, "year_parity": "EVEN"}, 1),
        ({"unit": "WEEKS", "number": 3, "year_parity": "ODD"}, None), ({"unit": "NONE"}, None), ({"unit": "AFTER"}, None), ({"unit": "AT_MEETING", "number": 4}, 4),
    ],
)  # fmt: skip
def test_a_cadence_promises_no_more_than_its_part_of_the_year_holds(cadence, promised):
    assert Forum(**{f"cadence_{name}": value for name, value in cadence.items()}).agreed_in(2026) == promised
