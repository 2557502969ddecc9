"""Raising and lowering what a forum may handle. Raising takes two persons; lowering one, and it tells who loses access."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.models import User
from access.notices import Notice
from access.notify import send_mail
from access.policy import require
from access.roles import DataClass, Verb
from municipalities.actions import write_forum_rights
from municipalities.class_changes import administrators_in, deciders, is_raise, kept_out, may_decide
from municipalities.errors import SetupError
from municipalities.forum_actions import refuse_class_of_kind
from municipalities.models import ClassChange, Forum, Tenant
from municipalities.terms import Term, term, terms_of
from municipalities.versions import refuse_stale

Status = ClassChange.Status


def refuse_impossible(forum: Forum, kind: str, ceiling: str) -> None:
    """Raise SetupError when the forum can never come to this kind and class, whoever approves it."""
    if (kind, ceiling) == (forum.kind, forum.ceiling):
        raise SetupError(_("The forum has this kind and class already. Choose another one."))
    refuse_class_of_kind(kind, ceiling)
    if not DataClass(ceiling).is_person:
        return
    if blockers := kept_out(forum):
        seats = ", ".join(dict.fromkeys(_("“%(seat)s”") % {"seat": seat} for seat in blockers))  # several of a kind are said once
        raise SetupError(_("The forum can never handle person data while it has these seats: %(seats)s. End them first, or let the forum be as it is.") % {"seats": seats})
    if admins := administrators_in(forum):
        names = ", ".join(sorted({seat.user.name for seat in admins if seat.user}))
        raise SetupError(_("An administrator cannot sit in a forum with person data. End this seat first: %(names)s.") % {"names": names})
    if forum.minutes_are_public:
        raise SetupError(_("The minutes of this forum are public. Close them first: minutes of a forum with person data never are."))


def lower_class(forum: Forum, *, actor: Actor, kind: str, ceiling: str, seen: str | None = None) -> Forum:
    """Let the forum handle less, at once. Raises SetupError when that would give somebody more, StaleError."""
    require(actor, Verb.MANAGE_TENANT, forum)
    forum = _locked(forum)
    refuse_stale(forum, seen)
    refuse_impossible(forum, kind, ceiling)
    if is_raise(forum, kind, ceiling):
        raise SetupError(_("This gives somebody more than before. Ask for it, so that a second person can approve it."))
    return _set(forum, kind, ceiling)


def ask_class_change(forum: Forum, *, actor: Actor, kind: str, ceiling: str, reason: str, seen: str | None = None) -> ClassChange:
    """Ask for a higher class. Nothing changes until a second person has approved it. Raises SetupError, StaleError."""
    require(actor, Verb.MANAGE_TENANT, forum)
    forum = _locked(forum)
    refuse_stale(forum, seen)
    refuse_impossible(forum, kind, ceiling)
    if forum.class_changes.filter(status__in=(Status.ASKED, Status.APPROVED)).exists():
        raise SetupError(_("A change of this forum is waiting already. Withdraw it first."))
    change = ClassChange.objects.create(
        tenant_id=forum.tenant_id, forum=forum, from_kind=forum.kind, to_kind=kind, from_class=forum.ceiling, to_class=ceiling, reason=reason, asked_by_id=actor.user_id,
    )  # fmt: skip
    _tell(change, deciders(forum.tenant_id, actor.user_id), gettext_lazy("%(forum)s is to handle more, and waits for a second person’s answer"))
    return change


def approve_class_change(change: ClassChange, *, actor: Actor) -> ClassChange:
    """Approve as the second person. An administrator's approval is carried out at once; a chair's by an administrator afterwards.

    Raises PermissionDenied for who asked himself and for who is no second person, SetupError when it has been decided or can no longer be.
    """
    change = _decidable(change, actor)
    change.status, change.decided_by_id, change.decided_at = Status.APPROVED, actor.user_id, timezone.now()
    change.save(update_fields=["status", "decided_by", "decided_at"])
    if Verb.MANAGE_TENANT in actor.tenant_verbs:
        return carry_out(change, actor=actor)
    _tell(change, [change.asked_by], gettext_lazy("%(forum)s may handle more: carry it out"))
    return change


def refuse_class_change(change: ClassChange, *, actor: Actor) -> ClassChange:
    """Say no as the second person."""
    change = _close(_decidable(change, actor), actor, Status.REFUSED)
    _tell(change, [change.asked_by], gettext_lazy("%(forum)s may not handle more"), Notice.ACCESS)
    return change


def withdraw_class_change(change: ClassChange, *, actor: Actor) -> ClassChange:
    """Take the wish back, before it has been carried out: any administrator."""
    require(actor, Verb.MANAGE_TENANT, change)
    change = _locked_change(change)
    if not change.is_open:
        raise SetupError(_("This has been decided already."))
    return _close(change, actor, Status.WITHDRAWN)


def carry_out(change: ClassChange, *, actor: Actor) -> ClassChange:
    """Raise the forum as it was approved. Raises SetupError when something has come in the way since."""
    require(actor, Verb.MANAGE_TENANT, change)
    change = _locked_change(change)
    if change.status != Status.APPROVED:
        raise SetupError(_("This has not been approved by a second person, or it has been carried out already."))
    forum = _locked(change.forum)
    if (forum.kind, forum.ceiling) != (change.from_kind, change.from_class):
        raise SetupError(_("The forum has been changed since. Withdraw this, and ask again."))
    refuse_impossible(forum, change.to_kind, change.to_class)
    _set(forum, change.to_kind, change.to_class)
    change.status = Status.DONE
    change.save(update_fields=["status"])
    return change


def _decidable(change: ClassChange, actor: Actor) -> ClassChange:
    change = _locked_change(change)
    if change.tenant_id != actor.tenant_id or not may_decide(actor, change.asked_by_id):
        terms = terms_of(actor.tenant_id)
        names = {"council": term(terms, Term.LOCAL_COUNCIL, "definite"), "group": term(terms, Term.STEERING_GROUP, "definite")}
        raise PermissionDenied(_("A second person decides this: another administrator, or the chair of %(council)s or %(group)s. Whoever asked cannot.") % names)
    if change.status != Status.ASKED:
        raise SetupError(_("This has been decided already."))
    return change


def _close(change: ClassChange, actor: Actor, status: str) -> ClassChange:
    change.status, change.decided_by_id, change.decided_at = status, actor.user_id, timezone.now()
    change.save(update_fields=["status", "decided_by", "decided_at"])
    return change


def _tell(change: ClassChange, people: Iterable[User], subject: Any, notice: Notice = Notice.ACTION) -> None:
    with translation.override(settings.LANGUAGE_CODE):  # the recipient's language, not that of whoever clicked
        words = str(subject) % {"forum": change.forum}
    slug = Tenant.objects.values_list("slug", flat=True).get(pk=change.tenant_id)
    send_mail(change.tenant_id, people, subject=words, path=reverse("class_change", args=[slug, change.public_id]), notice=notice)


def _set(forum: Forum, kind: str, ceiling: str) -> Forum:
    forum.kind, forum.ceiling = kind, ceiling
    forum.save(update_fields=["kind", "ceiling"])
    write_forum_rights(forum)
    return forum


def _locked(forum: Forum) -> Forum:
    return Forum.objects.select_for_update(of=("self",)).get(tenant_id=forum.tenant_id, pk=forum.pk)


def _locked_change(change: ClassChange) -> Any:
    return ClassChange.objects.select_for_update(of=("self",)).select_related("forum", "asked_by").get(tenant_id=change.tenant_id, pk=change.pk)
