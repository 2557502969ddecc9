"""The worker's part: short transactions, once only, and what happens when something is in the way."""

import pytest
from django.db import connection
from django.utils import timezone

from access.context import actor_of, context_of
from access.models import LogEntry
from access.vault import file_store
from municipalities.models import Forum, Tenant
from reports import making
from reports.models import Report
from reports.periods import ended_half_years

pytestmark = pytest.mark.django_db(transaction=True)
LAST = ended_half_years()[0]


@pytest.fixture
def ordered(cast):
    """A committed, queued report and its orderer's actor."""
    actor = actor_of(cast.konsulent, "thisted")
    with context_of(actor):
        audience = Forum.objects.get(kind="LOKALRAAD", tenant=actor.tenant_id)
        report = Report.objects.create(tenant_id=actor.tenant_id, forum=audience, audience=audience, period_from=LAST.first_day, period_to=LAST.last_day, ordered_by=cast.konsulent)
    return report, actor


def run(report, actor):
    making.make_report(report.tenant_id, actor.user_id, report.pk)
    with context_of(actor):
        return Report.objects.get(pk=report.pk)


def outbox(tenant_id):
    from access.actor import Actor
    from access.models import OutboxMessage
    from municipalities.presets import system_user

    with context_of(Actor(user_id=system_user(Tenant.objects.get(pk=tenant_id).slug).pk, tenant_id=tenant_id, is_system=True)):
        return list(OutboxMessage.objects.filter(kind="mail"))


def test_a_report_is_made_stored_sealed_logged_and_told(ordered, log):
    done = run(*ordered)
    assert (done.status, done.progress, done.error) == (Report.Status.DONE, 100, "")
    content = file_store().get(done.file_key)
    assert content.startswith(b"%PDF")
    assert b"%PDF" not in (file_store().folder / f"{done.file_key}.sealed").read_bytes()
    assert any(entry.action == LogEntry.Action.DOCUMENT and entry.object_id == done.pk for entry in log())
    (mail,) = outbox(done.tenant_id)
    assert (mail.subject, mail.recipient_id) == ("Rapporten til Lokalrådet er klar", done.ordered_by_id)


def test_made_twice_is_one_report_one_file_and_one_mail(ordered):
    first = run(*ordered)
    second = run(*ordered)
    assert (first.file_key, first.sha256) == (second.file_key, second.sha256)
    assert len(outbox(first.tenant_id)) == 1


def test_the_slower_of_two_workers_leaves_nothing_behind(ordered, monkeypatch):
    report, actor = ordered
    files = set(file_store().folder.glob("*"))

    def render(*args):
        monkeypatch.undo()
        making.make_report(report.tenant_id, actor.user_id, report.pk)  # the other worker, from start to end
        return b"%PDF slow"

    monkeypatch.setattr(making, "_render", render)
    done = run(report, actor)
    assert file_store().get(done.file_key) != b"%PDF slow"
    assert len(set(file_store().folder.glob("*")) - files) == 1


def test_a_failure_becomes_a_sentence_and_can_be_tried_again(ordered, monkeypatch, caplog):
    report, actor = ordered

    def fail(*args, **kwargs):
        raise OSError("disk full at /secret/place")

    monkeypatch.setattr(making.exports, "render_pdf", fail)
    failed = run(report, actor)
    assert failed.status == Report.Status.FAILED
    assert failed.error.startswith("Noget gik galt")
    assert "secret" not in failed.error
    monkeypatch.undo()
    assert run(report, actor).status == Report.Status.DONE


def test_figures_that_were_read_once_stand_fast(ordered):
    report, actor = ordered
    with context_of(actor):
        from reports.figures import read_figures

        kept = {**read_figures(actor, LAST), "read_at": "2026-01-01T08:00:00+00:00"}
        Report.objects.filter(pk=report.pk).update(figures=kept, touched_at=timezone.now())
    assert run(report, actor).figures["read_at"] == "2026-01-01T08:00:00+00:00"


def test_no_transaction_is_open_while_the_pages_are_laid_out(ordered, monkeypatch):
    seen = []
    monkeypatch.setattr(making.exports, "render_pdf", lambda *args: seen.append(connection.in_atomic_block) or b"%PDF")
    run(*ordered)
    assert seen == [False]


def test_who_has_lost_his_seat_gets_no_report(ordered, cast):
    report, actor = ordered
    with pytest.raises(PermissionError):
        making.make_report(report.tenant_id, _nobody().pk, report.pk)
    with context_of(actor):
        assert Report.objects.get(pk=report.pk).status == Report.Status.QUEUED


def _nobody():
    from access.models import User

    return User.objects.create(username="ingen@thisted.example", email="ingen@thisted.example", is_demo=True)


def test_through_the_outbox_and_a_real_worker(worker, cast, visit):
    from django.urls import reverse

    from tests.conftest import wait_for

    client = visit(cast.konsulent)
    address = client.post(reverse("report_order", args=["thisted"]), {"period": LAST.key}).url
    page = wait_for(lambda: (found := client.get(address)) and b"rapport.pdf" in found.content and found, timeout=60)
    assert page.status_code == 200
    pdf = client.get(address + "rapport.pdf")
    assert pdf.content.startswith(b"%PDF")
