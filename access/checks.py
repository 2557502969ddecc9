"""System checks and the start-up guard: the product refuses to run where its walls would not hold."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection


class WallDownError(ImproperlyConfigured):
    """The database role could walk past row-level security."""


GUARD = """
select rolsuper, rolbypassrls,
       exists (select from pg_tables where tableowner = current_user and schemaname in ('public', 'audit')),
       exists (select from pg_auth_members m join pg_roles r on r.oid = m.roleid
               where m.member = me.oid and r.rolname in ('ssp_owner', 'ssp_audit_owner', 'ssp_figures'))
from pg_roles me where rolname = current_user
"""


def refuse_strong_role() -> None:
    """Raise WallDownError when the connected role is a superuser, bypasses RLS, owns a table or may become an owner."""
    with connection.cursor() as cursor:
        cursor.execute(GUARD)
        found = cursor.fetchone()
    if any(found):
        raise WallDownError(
            f"The product is connected as {connection.settings_dict['USER'] or 'the default role'}, a role that can walk past row-level security. "
            "Set DATABASE_URL to the role ssp_app; only the migrate job connects as ssp_owner."
        )


@register()
def pdf_libraries(**kwargs: Any) -> list[CheckMessage]:
    """Warn when WeasyPrint's system libraries are missing."""
    from access.exports import missing_libraries

    reason = missing_libraries()
    return [Warning(reason, hint=settings.SSP_PDF_INSTALL, id="access.W001")] if reason else []


@register(deploy=True)
def demo_needs_demo_data(**kwargs: Any) -> list[CheckMessage]:
    """One-click login and real people must never meet."""
    from access.demo import real_people_exist

    if settings.SSP_DEMO and real_people_exist():
        return [Error("SSP_DEMO is on, but the database holds users who are not demo users.", hint="Unset SSP_DEMO.", id="access.E001")]
    return []
