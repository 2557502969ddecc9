"""The cast: the demo's invented people in two kommuner, which stand in every test database from the start."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from tests.conftest import acting, make_client


@dataclass
class Cast:
    """Users of the demo by their key in ssp/demo/*.toml: `cast.konsulent`, `cast.fnt`, `cast.dpo` …"""

    users: dict[str, Any]

    def __getattr__(self, key: str) -> Any:
        try:
            return self.users[key]
        except KeyError:
            raise AttributeError(key) from None


@cache  # thousands of tests ask for the cast, and the files are long
def _emails() -> dict[str, str]:
    from ssp.demo.load import read_demo

    return {row["key"]: row["email"] for name in ("thisted", "morsoe", "kreds") for row in read_demo(name).get("users", [])}


@pytest.fixture
def cast(db) -> Cast:
    """The people of the demo."""
    from access.models import User

    emails = _emails()
    found = {user.email: user for user in User.objects.filter(email__in=emails.values())}
    return Cast({key: found[email] for key, email in emails.items()})


@pytest.fixture
def actor_for(db):
    """`actor_for(user, "thisted")`: the resolved actor, outside any request."""
    from access.context import NOBODY, resolve_actor, write_context

    def resolve(user, slug="thisted"):
        found = resolve_actor(user, slug)
        write_context(NOBODY)
        assert found is not None, f"{user} is nobody in {slug}"
        return found[0]

    return resolve


@pytest.fixture
def as_actor(actor_for):
    """`with as_actor(user):` reads and writes as that user, in the plain test's own transaction. Yields the actor."""
    from contextlib import contextmanager

    @contextmanager
    def enter(user, slug="thisted"):
        actor = actor_for(user, slug)
        with acting(actor):
            yield actor

    return enter


@pytest.fixture
def visit(db):
    """`visit(user)`: a client logged in as this user."""
    return make_client
