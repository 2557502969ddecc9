"""Every page of a kommune as one reader: walked once a process, looked at by every rule about pages."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from access.models import LogEntry
from municipalities.models import Forum, Tenant
from tests.conftest import make_client
from tests.rules.crawl import readable, visits
from tests.rules.own_words import USUAL, nonsense


@dataclass(frozen=True)
class Page:
    """What a reader was given at one address, and the persons that the log names for it."""

    url: str
    status: int
    text: str
    named: frozenset[int]


_walked: dict[tuple[str, str], list[Page]] = {}


@pytest.fixture
def walk(cast, as_actor, log) -> Callable[..., list[Page]]:
    """`walk("konsulent")`: what the demo's person finds at every address of Thisted, where every name is one of its own.

    What a test writes is rolled back, so the pages are the same for the next rule that looks at them.
    """

    def pages(role: str, slug: str = "thisted") -> list[Page]:
        if (role, slug) not in _walked:
            _rename_everything(as_actor, cast)
            _walked[role, slug] = list(_pages(cast.users[role], slug, log))
        return _walked[role, slug]

    return pages


def _pages(user, slug, log):
    last = max((entry.pk for entry in log()), default=0)
    for url, response in visits(make_client(user, raise_request_exception=False), slug):
        rows = log(after=last)
        last = max((entry.pk for entry in rows), default=last)
        named = {subject for row in rows if row.actor_id == user.pk and row.action in LogEntry.Action.READS for subject in row.subjects}
        yield Page(url, response.status_code, readable(response), frozenset(named))


def _rename_everything(as_actor, cast):
    with as_actor(cast.it) as actor:
        Tenant.objects.filter(pk=actor.tenant_id).update(terms=nonsense())
        for forum in Forum.objects.filter(tenant=actor.tenant_id):
            if USUAL.search(forum.name):
                Forum.objects.filter(pk=forum.pk).update(name=f"Kreds {forum.pk}")
