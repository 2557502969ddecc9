"""Minutes on their way: closed, answered by those who were present, approved and locked, opened again with a reason, approved anew; and approved by the next meeting."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from access.context import actor_of, context_of
from meetings.models import AgendaItem, Attendance, Fill, Meeting

WRITER, POLICE, CONTACT = "Ditte Havmark", "Anders Strandhede", "Łukasz Hedelund"
SAID = "Klubben holder åbent til kl. 21, ikke kl. 20."
REASON = "Klubbens åbningstid er skrevet forkert."


@pytest.fixture
def meeting(cast):
    """The meeting of SSP Grundskole that has been called, begun three hours ago, written, with everybody noted as present."""
    with context_of(actor_of(cast.konsulent, "thisted")):
        found = Meeting.objects.filter(forum__key="grundskole", status="CALLED", tenant__slug="thisted").order_by("-starts_at").first()
        begin(found, -3)
        for item in AgendaItem.objects.filter(meeting=found, is_withdrawn=False):
            item.text, item.decision = f"Gruppen talte om {item.title.lower()}.", "Klubben holder åbent til kl. 20." if item.kind == "BESLUTNING" else ""
            item.save(update_fields=["text", "decision"])
        Attendance.objects.filter(meeting=found).update(presence="PRESENT")
        return found


@pytest.fixture
def come(enter):
    """`come(name)`: the page of somebody whose login is through."""

    def logged_in(name: str) -> Page:
        page = enter(name)
        page.wait_for_url(lambda address: "login" not in address)
        return page

    return logged_in


def begin(meeting, hours):
    start = timezone.now() + timedelta(hours=hours)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=start, ends_at=start + timedelta(hours=2), called_at=start - timedelta(days=14))


def path_of(meeting):
    return f"/thisted/moeder/{meeting.public_id}/godkend/"


def close(page, meeting):
    page.goto(path_of(meeting))
    page.get_by_role("main").get_by_role("button", name="Afslut mødet").click()
    expect(page.get_by_role("heading", level=1, name="Godkend referatet")).to_be_visible()


def approve(page):
    page.get_by_role("button", name="Godkend referatet").click()
    expect(page.get_by_text("Referatet er godkendt og låst.")).to_be_visible()


def test_minutes_go_from_closed_to_approved_and_once_again(come, eyes, meeting):
    writer = come(WRITER)
    writer.goto(path_of(meeting))
    eyes.look(writer, "referat-afslut")
    close(writer, meeting)
    eyes.look(writer, "referat-venter-leder")

    police = come(POLICE)
    police.goto(path_of(meeting))
    eyes.look(police, "referat-venter-medlem")
    first = police.locator("details.fix").first
    first.locator("summary").click()
    first.get_by_role("textbox").fill(SAID)
    first.get_by_role("button", name="Tilføj bemærkningen").click()
    expect(police.locator("article").get_by_text(SAID)).to_be_visible()
    expect(police.locator("#svar li").filter(has_text=POLICE)).to_contain_text("Har skrevet en bemærkning")
    eyes.look(police, "referat-bemaerkning")

    contact = come(CONTACT)
    contact.goto(path_of(meeting))
    contact.get_by_role("button", name="Jeg godkender referatet").click()
    expect(contact.get_by_text("Du har godkendt referatet")).to_be_visible()
    eyes.look(contact, "referat-fundet-rigtigt")

    writer.goto(path_of(meeting))
    expect(writer.locator("article").get_by_text(SAID)).to_be_visible()
    expect(writer.locator("#svar li").filter(has_text=CONTACT)).to_contain_text("Godkender referatet")
    expect(writer.get_by_role("button", name="Jeg godkender referatet")).to_have_count(0)  # who approves for the forum has one button for it
    eyes.look(writer, "referat-svar")
    approve(writer)
    eyes.look(writer, "referat-godkendt")
    police.goto(path_of(meeting))
    expect(police.get_by_text("Teksten er den, der blev godkendt.")).to_be_visible()
    expect(police.get_by_role("link", name="Åbn referatet igen")).to_have_count(0)

    writer.get_by_role("link", name="Åbn referatet igen").click()
    eyes.look(writer, "referat-aabn")
    eyes.expected.add(422)
    writer.get_by_role("button", name="Åbn referatet igen").click()
    eyes.look(writer, "referat-aabn-uden-grund")
    writer.get_by_role("textbox").fill(REASON)
    writer.get_by_role("button", name="Åbn referatet igen").click()
    expect(writer.get_by_text("Referatet er åbnet igen")).to_be_visible()
    eyes.look(writer, "referat-aabnet")
    writer.get_by_role("textbox", name="Referat").fill("Klubben holder åbent til kl. 21.")
    expect(writer.locator("[data-saved=punkt]")).to_contain_text("Gemt kl.")
    writer.goto(path_of(meeting))
    eyes.look(writer, "referat-version-2-venter")
    approve(writer)
    versions = writer.locator("#versioner")
    expect(versions).to_contain_text(REASON)
    eyes.look(writer, "referat-versioner")
    versions.get_by_role("link").click()
    expect(writer.get_by_role("heading", level=1, name="version 1")).to_be_visible()
    expect(writer.locator("article")).not_to_contain_text("kl. 21")
    eyes.look(writer, "referat-version-1")


def test_the_next_meeting_approves_from_its_own_item(come, eyes, meeting, cast):
    writer = come(WRITER)
    close(writer, meeting)
    with context_of(actor_of(cast.konsulent, "thisted")) as actor:
        start = timezone.now() - timedelta(minutes=10)
        following = Meeting.objects.create(
            tenant_id=actor.tenant_id, forum_id=meeting.forum_id, status="CALLED", called_at=start, starts_at=start, ends_at=start + timedelta(hours=2), number=9
        )
        AgendaItem.objects.create(tenant_id=actor.tenant_id, forum_id=meeting.forum_id, meeting=following, order=1, title="Godkendelse af referat", fill=Fill.LAST_MINUTES)
    writer.goto(f"/thisted/moeder/{following.public_id}/referat/")
    eyes.look(writer, "naeste-moede-punkt")
    writer.locator("#punkt").get_by_role("link", name="Godkend").click()
    expect(writer.get_by_text("Det godkendes på mødet")).to_be_visible()
    eyes.look(writer, "naeste-moede-godkend")
    approve(writer)
    expect(writer).to_have_url(re.compile(following.public_id))
    eyes.look(writer, "naeste-moede-godkendt")
    writer.goto(path_of(meeting))
    expect(writer.get_by_text("På mødet")).to_be_visible()
