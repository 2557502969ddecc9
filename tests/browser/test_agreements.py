"""Aftaler in a real browser: several responsible and a seat in one line, what is asked back, a person who leaves, and the lists."""

from playwright.sync_api import expect

from access.context import actor_of, context_of
from access.models import User
from meetings.models import AgendaItem, Meeting
from municipalities.models import Seat
from municipalities.seat_actions import change_holder


def user_of(first, last):
    return User.objects.get(first_name=first, last_name=last)


def test_one_line_several_responsible_and_a_successor(enter, eyes):
    eyes.expected |= {422}  # what is asked back
    ditte, anders = user_of("Ditte", "Havmark"), user_of("Anders", "Strandhede")
    with context_of(actor_of(ditte, "thisted")):
        meeting = Meeting.objects.filter(forum__key="grundskole", status="CALLED", tenant__slug="thisted").select_related("forum").first()
        item = AgendaItem.objects.filter(meeting=meeting).order_by("order").first()
        seat = Seat.objects.current().select_related("organisation").get(forum=meeting.forum, user=anders)
        label = str(seat)
    page = enter("Ditte Havmark")
    expect(page.get_by_role("heading", name="Min uge")).to_be_visible()
    page.goto(f"/thisted/moeder/{meeting.public_id}/referat/?punkt={item.public_id}")
    line = page.locator("#aftaler")
    who = line.get_by_role("combobox", name="Hvem")
    who.fill("Ditte Havmark og And")
    assert "Ditte Havmark og Anders Strandhede" in page.locator("#deltagere option").evaluate_all("found => found.map(option => option.value)")
    who.fill("Ditte og Anders sender brevet til skolerne senest næste uge")
    line.get_by_role("button", name="Tilføj").click()
    expect(line.get_by_text("Forstået som")).to_be_visible()
    expect(page.locator("#aftale-what")).to_have_value("Sender brevet til skolerne")
    eyes.look(page, "aftale-spurgt")
    line.get_by_role("button", name="Tilføj").click()
    expect(line.locator("li", has_text="Sender brevet til skolerne")).to_be_visible()
    line.get_by_role("combobox", name="Hvem").fill(f"{label}: ringer til klubben i morgen")
    line.get_by_role("button", name="Tilføj").click()
    expect(line.locator("li", has_text="Ringer til klubben")).to_contain_text(f"{label} (Anders Strandhede)")
    line.get_by_role("combobox", name="Hvem").fill("Nogen gør noget senest i morgen")
    line.get_by_role("button", name="Tilføj").click()
    expect(line.get_by_text("Linjen skal begynde med").first).to_be_visible()
    expect(page.locator("#aftale-who")).to_have_value("Nogen gør noget senest i morgen")
    eyes.look(page, "aftale-uforstaaet")
    page.evaluate("document.querySelectorAll('form').forEach(form => form.reset())")

    with context_of(actor_of(user_of("Rasmus", "Ledsgård"), "thisted")) as actor:
        held = Seat.objects.current().select_related("forum", "organisation", "user", "group").get(pk=seat.pk)
        change_holder(held, user_of("Łukasz", "Hedelund"), actor=actor, seen=held.seen)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/thisted/fora/{meeting.forum.public_id}/")
    orphans = page.get_by_role("region", name="Aftaler, som nogen skal overtage")
    expect(orphans).to_contain_text("Anders Strandhede har ikke længere en plads i forummet")
    eyes.look(page, "forum-overtag-aftaler")
    orphans.locator("li", has_text="Sender brevet").get_by_role("button", name="Overdrag til Łukasz Hedelund").click()
    expect(page.get_by_text("Aftalen er overdraget").first).to_be_visible()
    page.goto("/thisted/aftaler/")
    expect(page.get_by_text("Ditte Havmark og Łukasz Hedelund").first).to_be_visible()
    eyes.look(page, "aftaler-flere-ansvarlige")
    page.get_by_role("link", name="Sender brevet til skolerne").click()
    expect(page.get_by_text("Overdraget til Ditte Havmark og Łukasz Hedelund")).to_be_visible()
    eyes.look(page, "aftale-historik")
    page.goto("/thisted/aftaler/?bortfaldet=1")
    eyes.look(page, "aftaler-bortfaldet")
    mine = enter("Łukasz Hedelund")
    expect(mine.get_by_text("Ringer til klubben")).to_be_visible()
    eyes.look(mine, "min-uge-plads-som-ansvarlig")
