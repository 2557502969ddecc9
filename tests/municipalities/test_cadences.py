"""How a cadence reads, in Danish and in English."""

import pytest
from django.utils import translation

from municipalities.cadences import cadence_sentence
from municipalities.models import Forum


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
