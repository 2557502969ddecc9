"""Somebody cannot come and asks his deputy, who answers; the convener sees who comes, before the meeting and at it."""

import pytest
from playwright.sync_api import expect

from access.context import context_of
from access.models import User
from access.roles import SeatRole
from meetings.models import Meeting
from municipalities.actions import add_seat
from municipalities.models import Seat
from tests.browser.test_public_minutes import _actor


@pytest.fixture
def meeting(live_server):
    """A called meeting of an open forum in which Anders Strandhede has a seat, and Łukasz Hedelund is his deputy."""
    deputy = User.objects.create_user("stedholt", "inge.stedholt@thisted.example", first_name="Inge", last_name="Stedholt", title="Politiassistent", is_demo=True)
    with context_of(_actor("ditte.havmark@thisted.example")):
        found = Meeting.objects.filter(forum__key="grundskole", tenant__slug="thisted", status="CALLED").select_related("forum").order_by("-starts_at").first()
        own = Seat.objects.current().select_related("organisation").get(forum=found.forum, user__first_name="Anders", user__last_name="Strandhede")
    with context_of(_actor("rasmus.ledsgaard@thisted.example")) as actor:
        add_seat(found.forum, actor=actor, user=deputy, role=SeatRole.MEMBER, title="Suppleant", organisation=own.organisation, kind=Seat.Kind.DEPUTY, deputy_for=own)
    return found, deputy


def test_a_deputy_is_asked_answers_and_is_seen(enter, eyes, meeting):
    found, deputy = meeting
    page_url = f"/thisted/moeder/{found.public_id}/"
    page = enter("Anders Strandhede")
    page.get_by_role("heading", level=1).wait_for()
    page.goto(page_url)
    page.get_by_role("button", name="Jeg kommer ikke").click()
    expect(page.get_by_role("heading", name="Hvem kommer i stedet for dig?")).to_be_visible()
    eyes.look(page, "stedfortraeder-valg")
    page.get_by_role("button", name="Spørg Inge Stedholt").click()
    expect(page.get_by_text("Inge Stedholt er bedt om at komme")).to_be_visible()
    eyes.look(page, "stedfortraeder-spurgt")
    asked = enter(deputy.name)
    asked.get_by_role("heading", level=1).wait_for()
    asked.goto(page_url)
    expect(asked.get_by_role("heading", name="Kommer du i stedet for Anders Strandhede?")).to_be_visible()
    eyes.look(asked, "stedfortraeder-svarer")
    asked.get_by_role("button", name="Jeg kommer", exact=True).click()
    expect(asked.get_by_text("Dit svar er noteret.")).to_be_visible()
    convener = enter("Ditte Havmark")
    convener.get_by_role("heading", level=1).wait_for()
    convener.goto(page_url)
    expect(convener.get_by_text("i stedet for Anders Strandhede")).to_be_visible()
    eyes.look(convener, "stedfortraeder-hos-indkalder")
    convener.goto(f"{page_url}referat/")
    expect(convener.get_by_text("i stedet for Anders Strandhede")).to_be_visible()
    eyes.look(convener, "stedfortraeder-fremmoede")
    page.reload()
    page.get_by_role("button", name="Træk tilbage").click()
    expect(page.get_by_role("button", name="Spørg Inge Stedholt")).to_be_visible()
    page.get_by_role("button", name="Ingen stedfortræder").click()
    expect(page.get_by_text("Du har sagt, at ingen kommer i stedet for dig.")).to_be_visible()
