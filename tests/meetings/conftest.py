"""Meetings of the demo, and the mails that wait."""

import pytest

from meetings.models import Meeting


@pytest.fixture
def find(as_actor, cast):
    """`find("grundskole", "CALLED")`: the demo's meeting of a forum in a status, as the konsulent finds it."""

    def meeting(forum, status, user=None, slug="thisted"):
        with as_actor(user or cast.konsulent, slug):
            return Meeting.objects.filter(forum__key=forum, status=status, tenant__slug=slug).select_related("forum", "tenant").order_by("-starts_at").first()

    return meeting


@pytest.fixture
def outbox(db):
    """`outbox(meeting)`: the mails about the meeting that wait to be sent, as the worker's system user sees them."""
    from access.actor import Actor
    from access.models import OutboxMessage, User
    from tests.conftest import acting

    def waiting(meeting):
        system = User.objects.get(username=f"system:{meeting.tenant.slug}")
        with acting(Actor(user_id=system.pk, tenant_id=meeting.tenant_id, is_system=True)):
            return list(OutboxMessage.objects.filter(kind="mail", sent_at=None, path__contains=meeting.public_id).select_related("recipient").order_by("created_at"))

    return waiting
