"""Clients that walk through the whole stack of middleware, and the addresses they visit."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from access.actor import Actor
from access.context import actor_of, context_of
from access.models import User
from bench.pages import Page
from ssp.demo.load import read_demo

SLUG = "thisted"
CONTEXT = "access.context.ContextMiddleware"


class PageError(Exception):
    """A page that should be measured does not answer as it should."""


def user_of(key: str) -> User:
    """One of the demo's people, by the key in ssp/demo/thisted.toml."""
    emails = {row["key"]: row["email"] for row in read_demo(SLUG)["users"]}
    return User.objects.get(email=emails[key])


def actor(key: str) -> Actor:
    """What that person may."""
    return actor_of(user_of(key), SLUG)


def product_client(key: str) -> Client:
    """A client that has logged in by one click."""
    client = Client()
    client.post(reverse("demo_login"), {"user": user_of(key).pk})
    return client


def bare_client(product: Client) -> Client:
    """The same session, with the bare view in place of the product and its context."""
    client = Client()
    client.cookies = product.cookies
    stack = ["bench.bare.bare_addresses" if name == CONTEXT else name for name in settings.MIDDLEWARE]
    with override_settings(MIDDLEWARE=stack):
        client.handler.load_middleware()
    return client


def address_of(page: Page, route: str | None = None) -> str:
    """The URL of a page; the row is looked up as the one who will visit it."""
    args: list[Any] = [SLUG]
    if page.model:
        with context_of(actor(page.user)) as who:
            model: Any = apps.get_model(page.model)
            row = model.objects.filter(tenant_id=who.tenant_id, **page.where).order_by(page.newest).first()
        if row is None:
            raise PageError(f"{page.name}: the demo has no {page.model} with {page.where}")
        args.append(row.public_id)
    return reverse(route or page.route, args=args)


def get(client: Client, address: str) -> Any:
    """The response of a page that must answer 200."""
    response = client.get(address)
    if response.status_code != 200:
        raise PageError(f"{address} answers {response.status_code}")
    return response


def prepare(client: Client, page: Page) -> None:
    """What has to happen once before the page may be seen."""
    if page.first:
        route, form = page.first
        client.post(address_of(page, route), form)
