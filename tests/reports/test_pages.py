"""Ordering, following and fetching a report in the browser, and who may not."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from access.models import LogEntry, OutboxMessage
from access.vault import file_store
from access.worker_rows import LEASE
from municipalities.models import Forum
from reports.models import Report
from reports.periods import HalfYear, ended_half_years

pytestmark = pytest.mark.django_db
LAST = ended_half_years()[0]


def page(name, *args, slug="thisted"):
    return reverse(name, args=[slug, *args])


@pytest.fixture
def made(cast, as_actor):
    """`made(status=…)`: a report about the last half-year as the worker would have left it."""

    def make(half_year=LAST, status=Report.Status.DONE, **values):
        with as_actor(cast.konsulent) as actor:
            audience = Forum.objects.get(kind="LOKALRAAD", tenant=actor.tenant_id)
            return Report.objects.create(
                tenant_id=actor.tenant_id,
                forum=audience,
                audience=audience,
                period_from=half_year.first_day,
                period_to=half_year.last_day,
                ordered_by=cast.konsulent,
                status=status,
                finished_at=timezone.now(),
                **values,
            )

    return make


def test_the_coordinator_orders_a_report_and_follows_it(cast, visit):
    client = visit(cast.konsulent)
    assert "Bestil rapport" in client.get(page("report_list")).content.decode()
    response = client.post(page("report_order"), {"period": LAST.key}, follow=True)
    assert response.status_code == 200
    assert "<progress" in response.content.decode()
    assert 'hx-trigger="every 2s"' in response.content.decode()


def test_the_address_of_the_order_opened_by_itself_says_what_happened(cast, visit):
    """Who presses the button after his session has ended lands there from the login."""
    answer = visit(cast.konsulent).get(page("report_order"))
    said = answer.content.decode()
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST"
    assert "kan ikke åbnes for sig selv" in said and "Min uge" not in said


def test_an_order_leaves_the_job_and_one_who_looks_after_it_in_the_outbox_with_ids_alone(cast, visit, as_actor, actor_for):
    from access.actor import Actor
    from municipalities.presets import system_user
    from tests.conftest import acting

    visit(cast.konsulent).post(page("report_order"), {"period": LAST.key})
    system = Actor(user_id=system_user("thisted").pk, tenant_id=actor_for(cast.konsulent).tenant_id, is_system=True)
    with acting(system):
        (job, now), (look, later) = OutboxMessage.objects.filter(kind="job").order_by("due_at").values_list("payload", "due_at")
    assert set(job) == {"job", "user_id", "report_id"} and set(look) == {*job, "turn", "attempt"}
    assert later - now > LEASE / 2


def test_ordering_the_same_period_again_leads_to_the_same_report(cast, visit, as_actor):
    client = visit(cast.konsulent)
    first = client.post(page("report_order"), {"period": LAST.key})
    second = client.post(page("report_order"), {"period": LAST.key})
    assert first.url == second.url
    with as_actor(cast.konsulent):
        assert Report.objects.count() == 1


@pytest.mark.parametrize("period", ["", "2026-3", "x", HalfYear.of(timezone.localdate()).key, "1999-1"])
def test_a_period_that_has_not_ended_or_is_nonsense_is_refused_with_a_sentence(cast, visit, period):
    response = visit(cast.konsulent).post(page("report_order"), {"period": period})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_the_poll_gets_the_part_and_at_the_end_a_refresh(cast, visit, made):
    report = made(status=Report.Status.RUNNING, progress=50)
    client = visit(cast.konsulent)
    part = client.get(page("report_detail", report.public_id), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert 'value="50"' in part.content.decode()
    assert "HX-Refresh" not in part.headers
    with_file = made(LAST.before)
    assert client.get(page("report_detail", with_file.public_id), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_the_file_is_shown_inline_not_kept_and_logged(cast, visit, made, log):
    report = made(file_key=file_store().put(b"%PDF-1.7 rapport"))
    response = visit(cast.chef).get(page("report_pdf", report.public_id))
    assert response.content == b"%PDF-1.7 rapport"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert "no-store" in response.headers["Cache-Control"]
    newest = max(log(), key=lambda entry: entry.pk)
    assert (newest.action, newest.actor_id, newest.object_id) == (LogEntry.Action.EXPORT, cast.chef.pk, report.pk)


@pytest.mark.parametrize("name", ["report_detail", "report_pdf"])
@pytest.mark.parametrize("who", ["laerer", "gade", "it", "dpo", "fnt", "elev"])
def test_others_find_no_report(cast, visit, made, name, who):
    report = made(file_key=file_store().put(b"secret"))
    assert visit(getattr(cast, who)).get(page(name, report.public_id)).status_code == 404


def test_the_list_is_not_there_for_others(cast, visit):
    assert visit(cast.gade).get(page("report_list")).status_code == 404


def test_a_report_of_another_kommune_is_not_there(cast, visit, made):
    report = made()
    assert visit(cast.konsulent).get(page("report_detail", report.public_id, slug="morsoe")).status_code == 404


def test_a_reader_of_the_lokalraad_cannot_order(cast, visit):
    client = visit(cast.chef)
    assert "Bestil rapport" not in client.get(page("report_list")).content.decode()
    assert client.post(page("report_order"), {"period": LAST.key}).status_code == 404


def test_a_report_without_a_file_has_no_pdf(cast, visit, made):
    assert visit(cast.konsulent).get(page("report_pdf", made(status=Report.Status.RUNNING).public_id)).status_code == 404


def test_a_failed_report_can_be_tried_again_once(cast, visit, made, as_actor):
    report = made(status=Report.Status.FAILED, error="Noget gik galt.")
    client = visit(cast.konsulent)
    assert "Prøv igen" in client.get(page("report_detail", report.public_id)).content.decode()
    client.post(page("report_restart", report.public_id))
    with as_actor(cast.konsulent):
        report.refresh_from_db()
    assert report.status == Report.Status.QUEUED
    answer = client.post(page("report_restart", report.public_id), follow=True).content.decode()
    assert "er ved at blive lavet, eller den er klar" in answer


def test_a_report_that_nobody_works_on_can_be_tried_again(cast, made, as_actor):
    report = made(status=Report.Status.RUNNING)
    assert not report.may_be_restarted
    report.touched_at = timezone.now() - timedelta(minutes=4)
    assert report.may_be_restarted
    assert not report.is_running


def test_the_pages_take_as_many_queries_with_six_reports_as_with_one(cast, visit, made, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = visit(cast.konsulent)
    counts = []
    for half_years in (ended_half_years()[:1], ended_half_years()[1:]):
        for half_year in half_years:
            made(half_year)
        client.get(page("report_list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(page("report_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 18


def test_the_page_shows_the_figures_and_says_what_is_hidden(cast, visit, made, as_actor):
    from reports.figures import read_figures

    with as_actor(cast.konsulent) as actor:
        figures = read_figures(actor, LAST)
    answer = visit(cast.konsulent).get(page("report_detail", made(figures=figures).public_id)).content.decode()
    assert "Skjult" in answer
    assert "Unge med en ny sag" in answer
    assert len(answer) < 30_000
