"""Open aftaler in cases whose responsible is gone, on the forum's page: the case's number alone, for who may write in the cases and calls the meetings."""

from typing import Any

from django.db.models import QuerySet

from access.kept import kept
from access.policy import among
from access.request import TenantRequest
from access.roles import Verb
from access.web import tenant_url
from cases.case_file import opening_roles
from cases.models import CaseAgreement
from meetings.handing_over import MOST, may_hand_over, members_of, orphans_among
from municipalities.models import Forum


@kept
def _open(tenant: Any, forum: Any) -> QuerySet[CaseAgreement]:
    found: QuerySet[CaseAgreement] = CaseAgreement.objects.filter(tenant_id=tenant, forum_id=forum, status=CaseAgreement.Status.OPEN).with_parties()
    return found.select_related("case").order_by("due_on", "pk")


def forum_part(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The part of the forum's page. One query; a second when a person is gone."""
    if forum.pk not in request.actor.forums_with(Verb.WRITE_CASES) or not may_hand_over(request.actor, forum):
        return None
    found = among(request.actor, Verb.WRITE_CASES, _open(forum.tenant_id, forum.pk))
    if not found:
        return None
    members = members_of(request, forum, opening_roles(forum))
    orphans = orphans_among(found, members, forum)
    return {"orphans": orphans[:MOST], "members": members, "forum": forum, "hand_url": tenant_url(request, "case_agreement_hand_over")} if orphans else None
