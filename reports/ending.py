"""A report that cannot be made says so at once, also when whoever ordered it has no right left to write on it."""

from dataclasses import replace

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from access.context import context_of
from access.roles import Verb
from municipalities.models import Forum, Tenant
from municipalities.presets import system_user
from reports.models import Report

NO_RIGHT = _("Whoever ordered the report no longer has the right to. Try again, and it is made in your name.")
BROKEN = _("Something went wrong while the report was made. Try again, or tell your administrator.")


def end_report(tenant: Tenant, user_id: int, report_id: int, sentence: Promise) -> None:
    """Failed, with a sentence for the screen. Nothing happens when it is done, or was started again by somebody else meanwhile."""
    with translation.override(settings.LANGUAGE_CODE), context_of(_caretaker(tenant)):
        reports = Report.objects.select_for_update(of=("self",)).filter(tenant_id=tenant.pk, pk=report_id, ordered_by_id=user_id)
        report = reports.exclude(status=Report.Status.DONE).first()
        if report is not None:
            report.status, report.error = Report.Status.FAILED, str(sentence)
            report.save(update_fields=["status", "error", "touched_at"])


def _caretaker(tenant: Tenant) -> Actor:
    """The tenant's system user with a hand on its reports, and on nothing else."""
    nobody_yet = Actor(user_id=system_user(tenant.slug).pk, tenant_id=tenant.pk, is_member=True, is_system=True)
    with context_of(nobody_yet):
        forums = frozenset(Forum.objects.filter(tenant_id=tenant.pk).values_list("pk", flat=True))
    return replace(nobody_yet, forums={Verb.ORDER_REPORT: forums})
