"""What a kommune shares with its politikreds. Each app registers what it can share; a share is a frozen copy (Release).

The politikreds reads releases and nothing else of the kommune: row security knows no other way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from municipalities.models import Release, Tenant

Kind = Release.Kind


class CannotShareError(Exception):
    """It cannot be shared like this; the text says why, for the screen."""


@dataclass(frozen=True)
class Offer:
    """Something that this actor may share now."""

    kind: Release.Kind
    key: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class Snapshot:
    """The frozen copy: plain data without persons. `summary` is for the overview of the politikreds."""

    title: str
    period_from: date
    period_to: date
    summary: dict[str, Any]
    content: dict[str, Any]
    source: str = ""


@dataclass(frozen=True)
class Shareable:
    """What an app can share. `snapshot` raises PermissionDenied, CannotShareError or Http404; `may_share` is asked before a withdrawal."""

    kind: Release.Kind
    offers: Callable[[Actor], list[Offer]]
    snapshot: Callable[[Actor, str], Snapshot]
    may_share: Callable[[Actor], bool]


_shareables: dict[str, Shareable] = {}


def register_shareable(shareable: Shareable) -> None:
    """Called from an app's `ready()`."""
    _shareables[shareable.kind] = shareable


def offers(actor: Actor) -> list[Offer]:
    """Everything that this actor may share now, plans first."""
    return [offer for kind in Kind if kind in _shareables for offer in _shareables[kind].offers(actor)]


def may_withdraw(actor: Actor, release: Release) -> bool:
    """Whoever may share the like may take it back."""
    return release.kind in _shareables and _shareables[release.kind].may_share(actor)


def share(kind: str, key: str, *, actor: Actor) -> Release:
    """Freeze a copy and let the politikreds see it. A newer plan or year replaces the older; figures are shared once for all.

    Raises PermissionDenied, CannotShareError, or Http404 for what is not there.
    """
    if kind not in _shareables:
        raise Http404("nothing of this kind is shared")
    return keep(kind, _shareables[kind].snapshot(actor, key), actor=actor)


def keep(kind: str, snapshot: Snapshot, *, actor: Actor) -> Release:
    """Store a frozen copy. The database asks once more whether this actor may share the kind."""
    tenant = Tenant.objects.select_for_update(no_key=True).get(pk=actor.tenant_id)  # two people sharing the same
    if tenant.parent_id is None:
        raise CannotShareError(_("The kommune has no politikreds in SSP to share with."))
    same = Release.objects.filter(tenant=tenant, kind=kind, period_from=snapshot.period_from)
    if kind == Kind.FIGURES and same.exists():
        raise CannotShareError(_("The figures of this half-year have been shared before. They are shared only once, so that nobody can compare two versions."))
    for older in same.filter(source=snapshot.source, withdrawn_at=None):
        _withdraw(older, actor)
    return Release.objects.create(
        tenant=tenant, kind=kind, source=snapshot.source, title=snapshot.title, period_from=snapshot.period_from, period_to=snapshot.period_to,
        payload={"summary": snapshot.summary, **snapshot.content}, released_by_id=actor.user_id,
    )  # fmt: skip


def withdraw(release: Release, *, actor: Actor) -> None:
    """Take a share back: the politikreds no longer sees it. Raises PermissionDenied, or CannotShareError when it is done already."""
    if release.tenant_id != actor.tenant_id or not may_withdraw(actor, release):
        raise PermissionDenied(_("Only those who may share this can take it back."))
    found = Release.objects.select_for_update().filter(pk=release.pk).first()  # row security locks only what may still be withdrawn
    if found is None:
        raise CannotShareError(_("Somebody was here before you: it has been taken back already."))
    _withdraw(found, actor)


def _withdraw(release: Release, actor: Actor) -> None:
    release.withdrawn_at, release.withdrawn_by_id = timezone.now(), actor.user_id
    release.save(update_fields=["withdrawn_at", "withdrawn_by"])


def own_releases(actor: Actor) -> QuerySet[Release]:
    """What this kommune shares and has shared, newest first, without the content."""
    return Release.objects.filter(tenant_id=actor.tenant_id).select_related("released_by", "withdrawn_by").defer("payload").order_by("-released_at")


@dataclass(frozen=True)
class SharedDate:
    """A meeting of a forum, as the politikreds sees it."""

    forum: str
    at: datetime


def shared_dates(summary: dict[str, Any]) -> list[SharedDate]:
    """The dates in the summary of a share; none when it is no share of dates."""
    return [SharedDate(row["forum"], datetime.fromisoformat(row["at"])) for row in summary.get("dates", [])]


@dataclass(frozen=True)
class KommuneRow:
    """One kommune in the overview of its politikreds."""

    tenant: Tenant
    plans: list[Any]
    dates: list[Any]
    figures: Any | None

    @property
    def next_date(self) -> SharedDate | None:
        """The next meeting that the kommune has shared."""
        now = timezone.now()
        coming = [shared for row in self.dates for shared in shared_dates(row.summary) if shared.at > now]
        return min(coming, key=lambda shared: shared.at, default=None)


def kommuner_of(actor: Actor) -> list[KommuneRow]:
    """The kommuner of the politikreds, each with what it shares. Two queries, whatever their number."""
    kommuner = list(Tenant.objects.filter(parent_id=actor.tenant_id, active=True).order_by("name"))
    rows: Any = Release.objects.filter(tenant__in=kommuner, withdrawn_at=None).annotate(summary=KeyTransform("summary", "payload")).defer("payload")
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.tenant_id, []).append(row)
    return [_row(kommune, found.get(kommune.pk, [])) for kommune in kommuner]


def _row(kommune: Tenant, rows: list[Any]) -> KommuneRow:
    by_kind = {kind: [row for row in rows if row.kind == kind] for kind in Kind}
    return KommuneRow(kommune, by_kind[Kind.PLAN], by_kind[Kind.DATES], next(iter(by_kind[Kind.FIGURES]), None))


def releases_of_kreds(actor: Actor) -> QuerySet[Release]:
    """Everything that the kommuner of this politikreds share with it."""
    return Release.objects.filter(tenant__parent_id=actor.tenant_id, withdrawn_at=None).select_related("tenant")
