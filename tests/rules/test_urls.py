"""Every address: a verb on it, and nobody without the verb beyond it."""

import pytest
from django.urls import Resolver404, resolve
from weasyprint import HTML

from access.context import NOBODY, resolve_actor, write_context
from access.web import holds_or_guest
from tests.conftest import make_client
from tests.rules.crawl import addresses, all_routes, tenant_routes

# outside a tenant: no context, no tenant's row
# set_up_: operators (ADR 0032); feed_: a calendar has no session, the address is the secret (ADR 0033)
OUTSIDE = ("healthz", "choose_tenant", "demo_login", "set_language", "account_", "mfa_", "public_", "set_up_", "feed_")
ROLES = (
    "konsulent", "fnt", "gade", "myndighed", "chef", "vpi", "dpo", "it", "kontakt-hede", "elev", "laerer", "natteravn",
)  # fmt: skip


def test_every_address_has_a_verb():
    naked = [route.pattern for route in all_routes() if not hasattr(route.view, "verbs") and not route.name.startswith(OUTSIDE)]
    assert naked == [], "Mark the view with @requires(Verb.X)"


def test_addresses_outside_a_tenant_are_listed():
    outside = [route.pattern for route in all_routes() if not route.pattern.startswith("<slug:slug>/")]
    assert [pattern for pattern in outside if not pattern.startswith(("konto/", "healthz", "offentlig/", "opret-kommune/", "kalender/")) and pattern] == []


def test_names_of_addresses_are_unique():
    names = [route.name for route in all_routes() if route.name]
    assert sorted(names) == sorted(set(names))


def allowed(actor, route):
    return actor is not None and (not route.view.verbs or any(holds_or_guest(actor, verb) for verb in route.view.verbs))


@pytest.fixture
def no_layout(monkeypatch):
    """Documents are rendered and not laid out: that is looked at in test_two_worlds.py and test_documents.py, and takes most of the time."""
    blank = HTML(string="<p>").write_pdf()
    monkeypatch.setattr(HTML, "write_pdf", lambda *_args, **_options: blank)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.usefixtures("no_layout")
def test_matrix_of_roles_and_addresses(cast, role):
    """GET and POST on every address of Thisted as this role: 404 without the verb, never an error page."""
    user = cast.users.get(role)
    if user is None:
        pytest.fail(f"the demo has nobody with the key {role}")
    found = resolve_actor(user, "thisted")
    write_context(NOBODY)
    actor = found[0] if found else None
    window = make_client(user, raise_request_exception=False)
    wrong = []
    for route in tenant_routes():
        for url in addresses(route, "thisted", most=2 if allowed(actor, route) else 1):
            for method in ("get", "post"):
                status = getattr(window, method)(url).status_code
                expected = {200, 204, 302, 303, 400, 403, 404, 405, 409, 422} if allowed(actor, route) else {404, 405}
                if status not in expected:
                    wrong.append((method, url, status))
    assert wrong == []


@pytest.mark.parametrize("role", ["konsulent", "fnt", "chef", "dpo", "it"])
def test_foreign_ids_look_like_missing_rows(cast, role):
    """Thisted's address with an id of Morsø or the politikreds: 404, the same as an id that is nowhere."""
    window = make_client(cast.users[role], raise_request_exception=False)
    wrong = []
    for route in tenant_routes():
        if not route.ids:
            continue
        for url in addresses(route, "thisted", ids_of="morsoe", most=2):
            for method in ("get", "post"):
                answer = getattr(window, method)(url)
                if answer.status_code not in (404, 405):
                    wrong.append((method, url, answer.status_code))
        nowhere = route.url("thisted", dict.fromkeys(route.parameters, "zzzzzzzzzzzzzz"))
        if window.get(nowhere).status_code not in (404, 405):
            wrong.append(("get", nowhere, "a row that is nowhere"))
    assert wrong == []


def test_another_kommunes_pages_are_not_there(cast):
    window = make_client(cast.konsulent, raise_request_exception=False)
    wrong = [
        url for route in tenant_routes() for url in addresses(route, "morsoe", most=1) for method in ("get", "post") if getattr(window, method)(url).status_code not in (404, 405)
    ]
    assert wrong == []


def test_anonymous_gets_the_login_page_everywhere(db):
    window = make_client()
    wrong = [url for route in tenant_routes() for url in addresses(route, "thisted", most=1) if not window.get(url).headers.get("Location", "").startswith("/konto/login/")]
    assert wrong == []


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_are_refused(cast, method):
    window = make_client(cast.konsulent, raise_request_exception=False)
    wrong = [
        (url, status)
        for route in tenant_routes()
        for url in addresses(route, "thisted", most=1)
        if (status := getattr(window, method)(url).status_code) not in (404, 405)
    ]
    assert wrong == [], "Say which methods the view takes: @require_safe, @require_POST, @require_http_methods"


def test_no_admin_no_debug():
    for path in ("/admin/", "/__debug__/", "/static/../ssp/settings.py"):
        with pytest.raises(Resolver404):
            resolve(path + "x/y/z/w/v/")
