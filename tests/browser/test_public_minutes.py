"""A forum's year in numbers, and its public minutes as somebody reads them who has no login."""

import io

import pytest
from django.db import transaction
from playwright.sync_api import expect
from pypdf import PdfReader

from access.context import context_of, resolve_actor
from access.models import User
from meetings.attachment_actions import add_attachment
from meetings.models import AgendaItem, Attendance, Meeting
from municipalities.models import Forum
from tests.access.test_file_kinds import PDF
from tests.browser.steps import text_of
from tests.documents import faults


def _actor(email):
    with transaction.atomic():
        return resolve_actor(User.objects.get(email=email), "thisted")[0]


@pytest.fixture
def approved(live_server):
    """Approved minutes of a forum whose minutes are public, with an item that took too long."""
    with context_of(_actor("rasmus.ledsgaard@thisted.example")):
        Forum.objects.filter(key="grundskole", tenant__slug="thisted").update(minutes_are_public=True)
    with context_of(_actor("ditte.havmark@thisted.example")) as actor:
        meeting = Meeting.objects.filter(forum__key="grundskole", tenant__slug="thisted", status="APPROVED").order_by("-starts_at").first()
        Attendance.objects.filter(meeting=meeting).update(presence="PRESENT")
        items = list(AgendaItem.objects.filter(meeting=meeting).exclude(data_class__startswith="PERSON"))
        AgendaItem.objects.filter(pk__in=[item.pk for item in items]).update(data_class="PUBLIC", started_at=meeting.starts_at, ended_at=meeting.ends_at)
        Meeting.objects.filter(pk=meeting.pk).update(status="CLOSED")
        add_attachment(items[0], actor=actor, name="Tryghedsvandring, kort.pdf", content=PDF)
        Meeting.objects.filter(pk=meeting.pk).update(status="APPROVED", content_hash="")  # the classes were changed here: it is as from before there were checksums
        return meeting, Forum.objects.get(pk=meeting.forum_id)


def test_numbers_and_public_minutes(enter, visitor, eyes, approved):
    meeting, forum = approved
    page = enter("Ditte Havmark")
    page.goto(f"/thisted/fora/{forum.public_id}/")
    page.get_by_role("link", name="Tal", exact=True).click()
    eyes.look(page, "forum-tal")
    page.goto(f"/thisted/moeder/{meeting.public_id}/godkend/")
    expect(page.get_by_role("region", name="Offentlige referater")).to_contain_text("Tryghedsvandring, kort.pdf")
    eyes.look(page, "referat-offentliggoer")
    page.get_by_role("button", name="Offentliggør de offentlige punkter").click()
    eyes.look(page, "referat-offentliggjort")
    anybody = visitor()
    anybody.goto("/offentlig/thisted/referater/")
    eyes.look(anybody, "offentlige-referater")
    anybody.get_by_role("main").get_by_role("link").first.click()
    eyes.look(anybody, "offentligt-referat")
    with anybody.expect_download() as fetched:
        anybody.get_by_role("link", name="Tryghedsvandring, kort.pdf").click()
    assert fetched.value.path().read_bytes() == PDF
    document = anybody.request.get(anybody.get_by_role("link", name="Hent PDF").get_attribute("href")).body()
    assert faults(document) == [] and "Tryghedsvandring, kort.pdf" in text_of(PdfReader(io.BytesIO(document)))
    page.goto(f"/thisted/fora/{forum.public_id}/")
    page.get_by_role("link", name="Offentlig side").first.click()
    expect(page.get_by_role("link", name="Tryghedsvandring, kort.pdf")).to_be_visible()
