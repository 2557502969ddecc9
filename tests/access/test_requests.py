"""What the middleware promises: the response leaves after COMMIT, or no data leaves."""

import pytest

from access.models import LogEntry
from cases.models import Case, PersonData
from tests.conftest import make_client

pytestmark = pytest.mark.urls("tests.access.trap_urls")


@pytest.fixture
def name(cast, as_actor):
    """The name of the person that the trap views show."""
    from access.gate import open_ticket
    from access.models import Purpose

    with as_actor(cast.konsulent) as actor:
        case = Case.objects.order_by("pk").first()
        open_ticket(actor, Case, [case.person_id], purpose=Purpose.MEETING)
        return PersonData.objects.get(person=case.person_id).name


@pytest.fixture
def window(cast):
    return make_client(cast.konsulent, raise_request_exception=False)


def test_what_is_shown_is_logged_and_never_stored(window, name, log):
    page = window.get("/thisted/trap/open_ok/")
    assert name in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert log()[-1].action == LogEntry.Action.VIEW


def test_a_view_that_forgets_the_log_shows_nothing(window, name):
    assert window.get("/thisted/trap/forgot/").content == b"nothing"


def test_an_exception_rolls_back_and_is_logged_as_attempted(window, name, as_actor, cast, log):
    with as_actor(cast.konsulent):
        before = Case.objects.order_by("pk").first().concern_level
    page = window.get("/thisted/trap/boom/")
    assert page.status_code == 500
    assert name not in page.content.decode()
    assert log()[-1].action == LogEntry.Action.VIEW + LogEntry.Action.ATTEMPTED
    with as_actor(cast.konsulent):
        assert Case.objects.order_by("pk").first().concern_level == before != 4


@pytest.mark.parametrize("trap", ["savepoint", "forced_rollback", "stream"])
def test_a_lost_ticket_becomes_an_error_page(window, name, log, trap):
    page = window.get(f"/thisted/trap/{trap}/")
    assert page.status_code == 500
    assert not page.streaming
    assert name not in page.content.decode()
    assert log()[-1].was_attempted


def test_the_context_is_gone_after_the_response(window, name):
    window.get("/thisted/trap/open_ok/")
    assert (Case.objects.count(), PersonData.objects.count()) == (0, 0)


def test_anonymous_is_led_to_the_login_and_a_script_is_told(db):
    client = make_client()
    assert client.get("/thisted/").headers["Location"].startswith("/konto/login/")
    assert client.post("/thisted/", headers={"X-Requested-With": "fetch"}).status_code == 401


@pytest.mark.parametrize("slug", ["halsnaes", "midt-og-vestjylland", "findes-ikke"])
def test_a_kommune_where_one_is_nobody_looks_like_none(window, slug):
    assert window.get(f"/{slug}/").status_code == 404


def test_a_form_without_its_token_is_refused(cast):
    client = make_client(cast.konsulent, enforce_csrf_checks=True)
    assert client.post("/thisted/aftaler/udfoert/", {"aftale": "x"}).status_code == 403


def test_an_oversized_body_is_refused(window):
    page = window.post("/thisted/aftaler/udfoert/", {"aftale": "x" * 3_000_000})
    assert page.status_code in (400, 413)
    assert "Traceback" not in page.content.decode()


def test_strict_headers_on_every_page(window):
    page = window.get("/thisted/organisation/")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
