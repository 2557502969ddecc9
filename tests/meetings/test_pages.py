"""Every page of meetings, as those who come: what each sees, and what nobody else does."""

import pytest

from meetings.models import AgendaItem, Meeting
from meetings.models import CLOSED_ITEM_TITLE


@pytest.fixture
def find(as_actor, cast):
    """`find("grundskole", "CALLED")`: the demo's meeting of a forum in a status, as the konsulent finds it."""

    def meeting(forum, status, user=None, slug="thisted"):
        with as_actor(user or cast.konsulent, slug):
            return Meeting.objects.filter(forum__key=forum, status=status, tenant__slug=slug).select_related("forum").order_by("-starts_at").first()

    return meeting


PAGES = ["", "indkald/", "ret/", "referat/", "godkend/", "dagsorden.pdf", "referat.pdf", "kalender.ics"]


@pytest.mark.parametrize("page", PAGES)
def test_the_coordinator_gets_every_page_of_a_called_meeting(visit, cast, find, page):
    meeting = find("grundskole", "CALLED")
    response = visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/{page}")
    assert response.status_code == 200, page


@pytest.mark.parametrize("url", ["/thisted/", "/thisted/?uge=2026-40", "/thisted/?uge=x", "/thisted/moeder/", "/thisted/moeder/nyt/", "/thisted/aftaler/", "/thisted/aftaler/?mine=1"])
def test_the_coordinator_gets_every_overview(visit, cast, url):
    assert visit(cast.konsulent).get(url).status_code == 200
