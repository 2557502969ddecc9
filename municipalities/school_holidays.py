"""The school holidays of a kommune: the usual ones of a year as a start, and the writes that change them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

import holidays
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from access.actor import Actor
from access.policy import require
from access.roles import Verb
from municipalities.models import SchoolHoliday, Tenant


class Period(NamedTuple):
    """A name, and the first and last day."""

    name: str
    starts_on: date
    ends_on: date


def usual_holidays(year: int) -> list[Period]:
    """What most kommuner have: week 7, the week before Easter, weeks 26-32, week 42, and Christmas into January. Named in the active language."""
    easter_monday = holidays.country_holidays("DK", years=year, language="da").get_named("Anden påskedag")[0]
    return [
        Period(_("Winter holiday"), *_weeks(year, 7, 7)),
        Period(_("Easter holiday"), easter_monday - timedelta(days=7), easter_monday),
        Period(_("Summer holiday"), *_weeks(year, 26, 32)),
        Period(_("Autumn holiday"), *_weeks(year, 42, 42)),
        Period(_("Christmas holiday"), date(year, 12, 22), date(year + 1, 1, 2)),
    ]


def _weeks(year: int, first: int, last: int) -> tuple[date, date]:
    """From Monday of the first ISO week to Friday of the last."""
    return date.fromisocalendar(year, first, 1), date.fromisocalendar(year, last, 5)


def add_usual_holidays(tenant: Tenant, year: int, *, actor: Actor) -> list[SchoolHoliday]:
    """Give the kommune the usual holidays of a year, except where it has some of its own on any of these days. Again: nothing."""
    require(actor, Verb.MANAGE_TENANT, SchoolHoliday(tenant=tenant))
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    with translation.override(settings.LANGUAGE_CODE):  # a name that is kept, not the reader's
        wanted = usual_holidays(year)
    known = SchoolHoliday.objects.filter(tenant=tenant, starts_on__lte=wanted[-1].ends_on, ends_on__gte=wanted[0].starts_on)
    free = [period for period in wanted if not _overlaps(period, known)]
    return [SchoolHoliday.objects.create(tenant=tenant, **period._asdict()) for period in free]


def _overlaps(period: Period, known: Iterable[SchoolHoliday]) -> bool:
    return any(row.starts_on <= period.ends_on and row.ends_on >= period.starts_on for row in known)


def save_holiday(holiday: SchoolHoliday, *, actor: Actor) -> SchoolHoliday:
    """Add a holiday, or change one. Meetings that are planned stay where they are."""
    require(actor, Verb.MANAGE_TENANT, holiday)
    holiday.save()
    return holiday


def remove_holiday(holiday: SchoolHoliday, *, actor: Actor) -> None:
    """Take a holiday away."""
    require(actor, Verb.MANAGE_TENANT, holiday)
    holiday.delete()
