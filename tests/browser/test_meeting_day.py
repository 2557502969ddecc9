"""A meeting on its day, and one that is planned: everybody is noted as present by one press, and the agendas offered are the forum's own."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from access.context import actor_of, context_of
from meetings.models import Attendance, Meeting

WRITER = "Ditte Havmark"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting(cast):
    """A called meeting that begins later today, if the day is long enough; one has said no."""
    with context_of(actor_of(cast.konsulent, "thisted")):
        found = Meeting.objects.select_related("forum").filter(forum__key="grundskole", tenant__slug="thisted", status="CALLED").latest("starts_at")
        begins = timezone.localtime().replace(hour=23, minute=50)
        Meeting.objects.filter(pk=found.pk).update(starts_at=begins, ends_at=begins + timedelta(hours=1))
        Attendance.objects.filter(pk=Attendance.objects.filter(meeting=found).earliest("pk").pk).update(reply="NO")
    return found


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [360, 1440])
def test_everybody_is_present_by_one_press(enter, eyes, cast, meeting, script, width):
    page = enter(WRITER, java_script_enabled=script)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/thisted/moeder/{meeting.public_id}/")
    page.get_by_role("link", name="Start mødet").click()
    early = page.get_by_role("status").filter(has_text="begynder først")
    expect(early).to_be_visible()
    expect(early.get_by_role("link", name="Ret tid og sted")).to_be_visible()
    button = page.get_by_role("button", name="Alle er til stede")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ikke noteret, fordi de har svaret, at de ikke kommer").first).to_be_visible()
    expect(page.get_by_role("button", name="til stede")).to_have_count(0)
    with context_of(actor_of(cast.konsulent, "thisted")):
        noted = list(Attendance.objects.filter(meeting=meeting).order_by("pk").values_list("presence", flat=True))
    assert noted[0] == "UNKNOWN" and set(noted[1:]) == {"PRESENT"}


def test_a_new_meeting_offers_the_agendas_of_its_forum(enter, eyes):
    page = enter(WRITER)
    page.goto("/thisted/moeder/nyt/")
    forum, agenda = page.get_by_label("Forum", exact=True), page.get_by_label("Fast dagsorden")
    shown = "select => [...select.querySelectorAll('optgroup')].filter(group => !group.hidden && !group.disabled).map(group => group.label)"
    for name in ("SSP Grundskole", "SSP+"):
        forum.select_option(label=name)
        assert agenda.evaluate(shown) == [name]
    expect(agenda).to_have_value("number")
    agenda.select_option(index=agenda.evaluate("select => [...select.options].findIndex(option => option.parentElement !== select && !option.parentElement.disabled)"))
    forum.select_option(label="SSP Grundskole")
    expect(agenda).to_have_value("number")
    eyes.look(page, "moede-nyt")
    plain = enter(WRITER, java_script_enabled=False)
    plain.goto("/thisted/moeder/nyt/")
    assert plain.get_by_label("Fast dagsorden").locator("optgroup").count() > 1
