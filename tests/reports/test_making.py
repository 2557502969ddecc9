"""The worker's part: short transactions, once only, and what happens when something is in the way."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from access import notify
from access.context import actor_of, context_of
from access.looking_after import MOST_TURNS
from access.models import LogEntry
from access.roles import Verb
from access.vault import file_store
from access.worker_rows import LEASE
from municipalities.models import Forum, Tenant
from reports import making, tasks
from reports.actions import restart_report
from reports.models import Report
from reports.periods import ended_half_years
from tests import harness
from tests.conftest import wait_for

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
        return list(OutboxMessage.objects.filter(kind="mail", path__contains="/rapporter/"))


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
        lies_still(report, actor)  # so slow that it counts as dead
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


def end_seats(user, slug="thisted"):
    """The seats of a user end, as whoever manages the kommune would end them."""
    from municipalities.models import Seat
    from municipalities.presets import setup_actor

    tenant = Tenant.objects.get(slug=slug)
    with context_of(setup_actor(tenant)):
        Seat.objects.filter(tenant=tenant, user=user).update(user=None)


def as_seen_by(user, report):
    with context_of(actor_of(user, "thisted")):
        return Report.objects.get(pk=report.pk)


def test_a_report_of_one_who_has_lost_his_seat_ends_at_once_with_a_sentence(ordered, cast):
    report, actor = ordered
    end_seats(cast.konsulent)
    making.make_report(report.tenant_id, actor.user_id, report.pk)
    failed = as_seen_by(cast.chef, report)
    assert (failed.status, failed.may_be_restarted) == (Report.Status.FAILED, True)
    assert failed.error.startswith("Den, der bestilte rapporten, har ikke længere ret til det.")


def test_a_right_that_ends_while_the_pages_are_laid_out_ends_the_report(ordered, cast, monkeypatch):
    report, actor = ordered
    files = set(file_store().folder.glob("*"))
    monkeypatch.setattr(making.exports, "render_pdf", lambda *args: end_seats(cast.konsulent) or b"%PDF")
    making.make_report(report.tenant_id, actor.user_id, report.pk)
    assert as_seen_by(cast.chef, report).error.startswith("Den, der bestilte")
    assert set(file_store().folder.glob("*")) == files and outbox(report.tenant_id) == []


def test_one_who_may_only_read_reports_makes_none(ordered, cast, monkeypatch):
    report, actor = ordered
    reader = actor_of(cast.konsulent, "thisted")
    seen = reader.forums_with(Verb.VIEW_REPORT) | reader.forums_with(Verb.ORDER_REPORT)
    monkeypatch.setattr(making, "actor_of", lambda *args: replace(reader, forums={Verb.VIEW_REPORT: seen}))
    making.make_report(report.tenant_id, actor.user_id, report.pk)
    monkeypatch.undo()
    assert as_seen_by(cast.konsulent, report).error.startswith("Den, der bestilte")


def test_an_old_job_does_not_end_what_somebody_else_has_started_again(ordered, cast):
    report, actor = ordered
    with context_of(actor):
        Report.objects.filter(pk=report.pk).update(ordered_by=cast.chef)
    end_seats(cast.konsulent)
    making.make_report(report.tenant_id, actor.user_id, report.pk)
    assert as_seen_by(cast.chef, report).status == Report.Status.QUEUED


# ---- a worker that dies -------------------------------------------------------------------------------------------
def lies_still(report, actor, **fields):
    """Set the row as a dead worker leaves it, a minute ago."""
    with context_of(actor):
        Report.objects.filter(pk=report.pk).update(**{"status": Report.Status.RUNNING, "touched_at": timezone.now() - 2 * LEASE, **fields})


def jobs(tenant_id):
    from access.actor import Actor
    from access.models import OutboxMessage
    from municipalities.presets import system_user

    with context_of(Actor(user_id=system_user("thisted").pk, tenant_id=tenant_id, is_system=True)):
        return [(row.payload["turn"], row.due_at) for row in OutboxMessage.objects.filter(kind="job", payload__job="look_after_report")]


def test_what_another_worker_has_in_hand_is_left_alone(ordered, monkeypatch):
    report, actor = ordered
    lies_still(report, actor, touched_at=timezone.now())
    monkeypatch.setattr(making, "_render", lambda *args: pytest.fail("two at it"))
    assert run(report, actor).status == Report.Status.RUNNING
    making.look_after(report.tenant_id, actor.user_id, report.pk, 1)
    ((turn, due_at),) = jobs(report.tenant_id)
    assert turn == 2 and LEASE / 2 < due_at - timezone.now() <= LEASE


def test_what_the_broker_gives_back_is_made_at_once(ordered):
    report, actor = ordered
    lies_still(report, actor, touched_at=timezone.now())
    making.make_report(report.tenant_id, actor.user_id, report.pk, take_over=True)
    assert as_seen_by(report.ordered_by, report).status == Report.Status.DONE


def test_a_report_that_lies_still_is_taken_over_and_watched_on(ordered):
    report, actor = ordered
    lies_still(report, actor)
    making.look_after(report.tenant_id, actor.user_id, report.pk, 1)
    assert as_seen_by(report.ordered_by, report).status == Report.Status.DONE
    assert [turn for turn, _due_at in jobs(report.tenant_id)] == [2]
    making.look_after(report.tenant_id, actor.user_id, report.pk, 2)
    assert len(jobs(report.tenant_id)) == 1, "finished: nobody looks again"


def test_a_report_that_kills_its_workers_is_given_up(ordered, monkeypatch):
    report, actor = ordered
    lies_still(report, actor)
    monkeypatch.setattr(making, "_render", lambda *args: pytest.fail("once more"))
    making.look_after(report.tenant_id, actor.user_id, report.pk, MOST_TURNS)
    assert as_seen_by(report.ordered_by, report).status == Report.Status.FAILED and jobs(report.tenant_id) == []


def test_who_looked_after_the_earlier_attempt_leaves_the_next_one_alone(ordered, cast, monkeypatch):
    report, actor = ordered
    lies_still(report, actor, status=Report.Status.FAILED)
    with context_of(actor):
        restart_report(Report.objects.get(pk=report.pk), actor=actor)
    assert jobs(report.tenant_id)[0][0] == 1
    lies_still(report, actor)
    monkeypatch.setattr(making, "_render", lambda *args: pytest.fail("the earlier chain"))
    making.look_after(report.tenant_id, actor.user_id, report.pk, MOST_TURNS)
    assert as_seen_by(report.ordered_by, report).status == Report.Status.RUNNING
    making.look_after(report.tenant_id, actor.user_id, report.pk, MOST_TURNS, 2)
    assert as_seen_by(report.ordered_by, report).status == Report.Status.FAILED


@pytest.fixture
def stuck_worker(broker, tmp_path, monkeypatch):
    """A real worker in a process of its own that takes jobs of the queue «stuck», and the file that it touches when it is in the middle."""
    in_the_middle = tmp_path / "in_the_middle"
    env = {**os.environ, **harness.environment(), "SSP_TEST_EAGER": "0", "DJANGO_SETTINGS_MODULE": "tests.settings", "SSP_TEST_STUCK": str(in_the_middle)}
    command = [sys.executable, "-m", "celery", "-A", "tests.reports.stuck", "worker", "-Q", "stuck", "-P", "solo", "--without-gossip", "--without-mingle", "-l", "ERROR"]
    process = subprocess.Popen(command, cwd=harness.ROOT, env=env)
    yield process, in_the_middle
    process.kill()
    process.wait(10)


def test_another_worker_takes_over_from_one_that_is_killed(worker, stuck_worker, ordered):
    (report, actor), (process, in_the_middle) = ordered, stuck_worker
    files = set(file_store().folder.glob("*"))
    tasks.make_report.apply_async(kwargs={"tenant_id": report.tenant_id, "user_id": actor.user_id, "report_id": report.pk}, queue="stuck")
    wait_for(in_the_middle.exists, timeout=40)
    process.kill()
    process.wait(10)
    left = as_seen_by(report.ordered_by, report)
    assert (left.status, left.progress, left.is_in_hand) == (Report.Status.RUNNING, 50, True)
    lies_still(report, actor)  # the lease runs out: the only thing here that is not waited for
    with context_of(actor):
        notify.queue_job(actor, "look_after_report", report_id=report.pk, turn=1)
    wait_for(lambda: as_seen_by(report.ordered_by, report).status == Report.Status.DONE, timeout=40)
    run(report, actor)  # and the broker gives the first job back, later
    assert len(set(file_store().folder.glob("*")) - files) == 1 and len(outbox(report.tenant_id)) == 1


def test_through_the_outbox_and_a_real_worker(worker, cast, visit):
    client = visit(cast.konsulent)
    address = client.post(reverse("report_order", args=["thisted"]), {"period": LAST.key}).url
    page = wait_for(lambda: (found := client.get(address)) and b"rapport.pdf" in found.content and found, timeout=60)
    assert page.status_code == 200
    pdf = client.get(address + "rapport.pdf")
    assert pdf.content.startswith(b"%PDF")
