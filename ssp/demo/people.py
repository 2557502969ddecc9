"""Demo: who has accepted the duty of confidentiality, who is invited, and a file of people that waits.

Rows marked `new` sat down yesterday and have accepted nothing yet.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from access.actor import Actor
from access.context import context_of
from access.roles import Verb
from municipalities.access_review import access_list, due_day, frozen, half_year
from municipalities.models import PLEDGE_VERSION, AccessReview, ConfidentialityPledge, Forum, Invitation, Seat, SeatEnding
from municipalities.people_actions import LIFE
from municipalities.people_import import keep_rows

if TYPE_CHECKING:
    from ssp.demo.load import World


def load(world: World) -> None:
    """Everybody with a seat or an invitation as a guest accepted when he came."""
    rows = {row["user"]: row for row in [*world.content.get("guests", []), *world.content.get("seats", [])] if not row.get("new")}
    for key, row in rows.items():
        _accept(world, key, row)


def _accept(world: World, key: str, row: dict[str, Any]) -> None:
    """As himself: row security lets nobody accept for another."""
    user = world.users[key]
    accepted_at = world.moment(world.today + timedelta(days=row.get("from_days", -3)), "09:00")
    with context_of(Actor(user_id=user.pk, tenant_id=world.tenant.pk)):
        # in bulk, past django-auditlog: the log would say that he did it today
        ConfidentialityPledge.objects.bulk_create([ConfidentialityPledge(tenant=world.tenant, user=user, version=PLEDGE_VERSION, accepted_at=accepted_at)])


def load_administration(world: World) -> None:
    """Invitations on their way and one that has expired; a file that the administrator has read and not confirmed."""
    for row in world.content.get("people_files", []):
        administrator = world.users[row["uploaded_by"]]
        with context_of(Actor(user_id=administrator.pk, tenant_id=world.tenant.pk, is_member=True, tenant_verbs=frozenset({Verb.MANAGE_TENANT}))) as actor:
            keep_rows([{**person, "line": line, "cells": person.values()} for line, person in enumerate(row["people"], start=2)], actor=actor)
    for row in world.content.get("invitations", []):
        _invitation(world, row)
    for row in world.content.get("access_reviews", []):
        _review(world, row)
    for row in world.content.get("seat_endings", []):
        _ending(world, row)


def _invitation(world: World, row: dict[str, Any]) -> None:
    administrator, user = world.users[row["invited_by"]], world.users[row["user"]]
    sent_at = timezone.now() - timedelta(days=row["sent_days_ago"])
    with context_of(Actor(user_id=administrator.pk, tenant_id=world.tenant.pk, is_member=True, tenant_verbs=frozenset({Verb.MANAGE_TENANT}))):
        Invitation.objects.create(tenant=world.tenant, user=user, name=user.name, invited_by=administrator, sent_at=sent_at, expires_at=sent_at + LIFE)


def _signer(world: World, key: str, forum: Forum) -> Actor:
    return Actor(user_id=world.users[key].pk, tenant_id=world.tenant.pk, is_member=True, forums=dict.fromkeys((Verb.SIGN_ACCESS, Verb.VIEW_AGENDA), frozenset({forum.pk})))


def _review(world: World, row: dict[str, Any]) -> None:
    """Signed some days before the end of its half-year, or some days ago in the current one."""
    forum = world.forums[row["forum"]]
    last = world.today.replace(month=1, day=1) if world.today.month < 7 else world.today.replace(month=7, day=1)
    day = last - timedelta(days=70) if row["half_year"] == "last" else max(last, world.today - timedelta(days=30))
    with context_of(_signer(world, row["signed_by"], forum)):
        content = frozen(access_list(forum))
        review = AccessReview(
            tenant=world.tenant, forum=forum, half_year=half_year(day), due_on=due_day(day), signed_by=world.users[row["signed_by"]],
            signed_at=world.moment(day, "10:00"), remark=row.get("remark", ""), content=content,
        )  # fmt: skip
        review.save(force_insert=True)


def _ending(world: World, row: dict[str, Any]) -> None:
    forum = world.forums[row["forum"]]
    with context_of(_signer(world, row["asked_by"], forum)):
        seat = Seat.objects.current().get(forum=forum, user=world.users[row["user"]])
        SeatEnding.objects.create(tenant=world.tenant, forum=forum, seat=seat, asked_by=world.users[row["asked_by"]], reason=row["reason"])
