"""The Kredsråd's decisions reach every kommune's Lokalråd, and nothing else of it does."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from meetings.kreds_decisions import publish_decision
from meetings.models import AgendaItem, KredsDecision, Meeting

KREDS = "kreds"


@pytest.fixture
def slug(db):
    from ssp.demo.load import read_demo

    return read_demo("kreds")["slug"] if "slug" in read_demo("kreds") else read_demo("kreds")["tenant"]["slug"]


@pytest.fixture
def held(cast, as_actor, slug):
    """A second meeting of the Kredsråd that was held, with two decisions: an internal one, and one of aggregated figures."""
    with as_actor(cast.kredssekretaer, slug) as actor:
        old = Meeting.objects.filter(forum__kind="KREDSRAAD", status="APPROVED").first()
        meeting = Meeting.objects.create(tenant_id=actor.tenant_id, forum=old.forum, starts_at=old.starts_at, ends_at=old.ends_at, number=7, status="CLOSED")
        same = {"tenant_id": actor.tenant_id, "forum": old.forum, "meeting": meeting, "kind": "BESLUTNING"}
        item = AgendaItem.objects.create(order=1, title="Fælles kampagne", decision="Alle kommuner holder kampagnen i uge 8.", **same)
        figures = AgendaItem.objects.create(order=2, title="Tal fra kredsen", decision="Tallene bliver drøftet igen.", data_class="AGGREGATE", **same)
        return meeting, item, figures


def publish(visit, user, slug, meeting, item):
    return visit(user).post(f"/{slug}/moeder/{meeting.public_id}/punkter/{item.public_id}/til-kommunerne/")


def test_a_decision_reaches_the_lokalraad(cast, visit, as_actor, slug, held, find):
    meeting, item, figures = held
    lokal = find("lokalraad", "CALLED")
    with as_actor(cast.konsulent) as actor:
        lokal_reader = cast.chef
        AgendaItem.objects.create(tenant_id=actor.tenant_id, forum_id=lokal.forum_id, meeting=lokal, order=90, title="Nyt", fill="HANDOVER_ABOVE")
    page = f"/thisted/moeder/{lokal.public_id}/"
    assert item.decision not in visit(lokal_reader).get(page).content.decode()
    assert publish(visit, cast.kredssekretaer, slug, meeting, item).status_code == 302
    assert item.decision in visit(lokal_reader).get(page).content.decode()
    assert publish(visit, cast.kredssekretaer, slug, meeting, item).status_code == 409
    assert publish(visit, cast.kredssekretaer, slug, meeting, figures).status_code == 409
    with as_actor(cast.fnt, "morsoe"):
        assert KredsDecision.objects.filter(title="Fælles kampagne").exists()
    assert not {field.name for field in KredsDecision._meta.get_fields() if field.is_relation} - {"tenant", "forum", "item", "published_by"}


def test_a_decision_stands_beside_an_agenda_that_has_no_item_for_it(cast, visit, as_actor, slug, held, find):
    meeting, item, _figures = held
    lokal = find("lokalraad", "CALLED")
    page = f"/thisted/moeder/{lokal.public_id}/"
    publish(visit, cast.kredssekretaer, slug, meeting, item)
    assert "Fra Kredsrådet" not in visit(cast.chef).get(page).content.decode()  # the item has it
    with as_actor(cast.konsulent):
        AgendaItem.objects.filter(meeting=lokal, fill="HANDOVER_ABOVE").update(fill="")
    beside = visit(cast.chef).get(page).content.decode().split("Fra Kredsrådet")[1]
    assert beside.split("</section>")[0].count(item.decision) == 1
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=lokal.pk).update(status="CANCELLED")
    assert item.decision not in visit(cast.chef).get(page).content.decode()


def test_a_decision_is_told_once_and_not_again_after_the_next_meeting(cast, visit, as_actor, slug, held, find):
    meeting, item, _figures = held
    lokal = find("lokalraad", "CALLED")
    publish(visit, cast.kredssekretaer, slug, meeting, item)
    page = f"/thisted/moeder/{lokal.public_id}/"
    assert item.decision in visit(cast.chef).get(page).content.decode()
    soon = timezone.now() + timedelta(minutes=1)
    assert lokal.starts_at > soon
    with as_actor(cast.konsulent) as actor:
        Meeting.objects.create(tenant_id=actor.tenant_id, forum_id=lokal.forum_id, starts_at=soon, ends_at=soon + timedelta(hours=1), status="CLOSED")
    assert item.decision not in visit(cast.chef).get(page).content.decode()


def test_a_kommune_neither_publishes_nor_changes(cast, visit, as_actor, slug, held):
    meeting, item, figures = held
    with as_actor(cast.kredssekretaer, slug) as actor:
        made = publish_decision(item, actor=actor)
        with pytest.raises(DatabaseError), transaction.atomic():  # nor past the action
            KredsDecision.objects.create(
                tenant_id=actor.tenant_id, forum=meeting.forum, item=figures, title="x", text="x", held_on="2026-01-01", published_by=cast.kredssekretaer
            )
        assert KredsDecision.objects.filter(pk=made.pk).update(text="Noget andet") == 0
    borgmester = cast.users["borgmester-thisted"]
    assert publish(visit, borgmester, slug, meeting, figures).status_code in (403, 404)
    with as_actor(cast.konsulent):
        assert KredsDecision.objects.filter(pk=made.pk).update(text="Noget andet") == 0
        assert not AgendaItem.objects.filter(pk=item.pk).exists()  # the minutes stay in the Kredsråd


def test_nobody_without_a_seat_reads_it(cast, as_actor, slug, held):
    from access.actor import Actor
    from tests.conftest import acting

    with as_actor(cast.kredssekretaer, slug) as actor:
        made = publish_decision(held[1], actor=actor)
    with acting(Actor(user_id=cast.konsulent.pk, tenant_id=actor.tenant_id)):
        assert not KredsDecision.objects.filter(pk=made.pk).exists()


def test_a_meeting_that_is_not_over_publishes_nothing(cast, visit, as_actor, slug, held):
    meeting, item, _figures = held
    with as_actor(cast.kredssekretaer, slug):
        Meeting.objects.filter(pk=meeting.pk).update(status="CALLED")
    assert publish(visit, cast.kredssekretaer, slug, meeting, item).status_code == 409
