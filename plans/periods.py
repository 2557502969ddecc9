"""The periods a template allows: so many years, beginning in a fixed month of odd or of even years."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, islice, takewhile

from plans.models import PlanTemplate


def period_end(template: PlanTemplate, start: date) -> date:
    """The last day of a period that begins on `start`."""
    return start.replace(year=start.year + template.period_years) - timedelta(days=1)


def starts(template: PlanTemplate, today: date) -> Iterator[date]:
    """First days that fit the template: of the periods that run today, then of the coming ones, without end."""
    for year in count(today.year - template.period_years):
        start = date(year, template.start_month, 1)
        fits = {"odd": year % 2 == 1, "even": year % 2 == 0}.get(template.start_parity, True)
        if fits and period_end(template, start) >= today:
            yield start


def next_starts(template: PlanTemplate, today: date, coming: int = 2) -> list[date]:
    """Those that run, several where a period may begin any year, and the next few: a plan is begun before its period."""
    running = list(takewhile(lambda start: start <= today, starts(template, today)))
    return [*running, *islice((start for start in starts(template, today) if start > today), coming)]


def anniversaries(start: date, end: date, months: int) -> list[date]:
    """Days after `start`, `months` apart, up to `end`: when the plan is followed up. None when months is 0."""
    days = (_later(start, months * number) for number in count(1))
    return list(takewhile(lambda day: day <= end, days)) if months else []


def _later(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, min(start.day, 28))
