"""A whole kommune's export: two persons, a locked file, everything of this tenant, nothing of the neighbour, read-only, logged."""

import hashlib
import io
import json
import os
import tracemalloc
import zipfile
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from access.context import actor_of, context_of, read_only
from access.looking_after import MOST_TURNS
from access.models import LogEntry, Purpose
from access.sealed_file import CannotOpenError, LockedWriter, lock_of, new_passphrase, open_file
from access.vault import file_store
from cases.models import PersonData
from meetings.models import AgendaItem, Attachment
from municipalities import export_orders, exporting
from municipalities.archive import Archive
from municipalities.models import ExportOrder
from municipalities.tasks import remove_old_exports
from tests import harness
from tests.conftest import make_client
from tests.rules.crawl import canaries, other_texts, readable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ordered(cast):
    """A committed order of Thisted's administrator."""
    with context_of(actor_of(cast.it, "thisted")) as actor:
        return export_orders.order_export("Aftalen ophører", actor=actor)


@pytest.fixture
def confirmed(cast, ordered):
    """(order, passphrase): the DPO has said yes, no worker has begun."""
    with context_of(actor_of(cast.dpo, "thisted")) as actor:
        return ordered, export_orders.confirm_export(ordered, actor=actor)


def run(order, cast):
    exporting.make_export(order.tenant_id, cast.dpo.pk, order.pk)
    return fresh(order, cast)


def fresh(order, cast):
    with context_of(actor_of(cast.dpo, "thisted")):
        return ExportOrder.objects.get(pk=order.pk)


def change(order, cast, **values):
    with context_of(actor_of(cast.dpo, "thisted")):
        ExportOrder.objects.filter(pk=order.pk).update(**values)


def locked_with(content, lock):
    out = io.BytesIO()
    locked = LockedWriter(out, lock)
    locked.write(content)
    locked.finish()
    assert (locked.size, locked.sha256) == (len(out.getvalue()), hashlib.sha256(out.getvalue()).hexdigest())
    return out.getvalue()


def unlocked(content, passphrase):
    clear = io.BytesIO()
    open_file(io.BytesIO(content), clear, passphrase)
    return clear.getvalue()


def opened(order, passphrase):
    return zipfile.ZipFile(io.BytesIO(unlocked(file_store().get(order.archive_key), passphrase)))


@pytest.fixture
def made(cast, confirmed):
    """(order, zip) of a finished export."""
    order, passphrase = confirmed
    done = run(order, cast)
    assert (done.status, done.error) == ("DONE", "")
    return done, opened(done, passphrase)


def lines(archive, path):
    return [json.loads(line) for line in archive.read(path).decode().splitlines()]


# ---- what is in it --------------------------------------------------------------------------------------------------
def test_every_table_with_a_tenant_is_covered(db):
    with harness.admin(harness.DATABASE) as conn:
        found = conn.execute(
            "select c.relname from pg_class c join pg_namespace n on n.oid = relnamespace join pg_attribute a on a.attrelid = c.oid "
            "where nspname = 'public' and relkind in ('r', 'p') and attname = 'tenant_id' and not attisdropped"
        ).fetchall()
    covered = {model._meta.db_table for model in exporting.tables()}
    assert {row[0] for row in found} == covered, "A table with a tenant needs a model, or it is forgotten when a kommune leaves"


def test_every_row_of_the_kommune_is_in_it_and_no_row_of_another(made):
    order, archive = made
    manifest = json.loads(archive.read("manifest.json"))
    counted = {part["path"]: part["rows"] for part in manifest["parts"] if "rows" in part}
    with harness.admin(harness.DATABASE) as conn:
        for model in exporting.tables():
            table = model._meta.db_table
            actual = conn.execute(f"select count(*) from {table} where tenant_id = %s", [order.tenant_id]).fetchone()[0]
            if table != "access_outboxmessage":  # the mail that says it is ready came after
                assert counted[f"tables/{table}.jsonl"] == actual, f"{table}: the job cannot see all rows. Let its policy show them to EXPORT (access.constraints)"
            assert {row["tenant_id"] for row in lines(archive, f"tables/{table}.jsonl")} <= {order.tenant_id}, table
    (tenant,) = lines(archive, "tables/municipalities_tenant.jsonl")
    assert tenant["slug"] == "thisted"


def test_canaries_every_person_of_the_kommune_and_none_of_the_neighbour(made):
    text = "\n".join(made[1].read(name).decode() for name in made[1].namelist() if name.endswith(".jsonl"))
    text = " ".join(text.replace("\\n", " ").replace("\u00a0", " ").replace('\\"', '"').split())
    own = {canary.person_id for canary in canaries() if canary.slug == "thisted"}
    shown = {canary.person_id for canary in canaries() if canary.slug == "thisted" and canary.text in text}
    assert shown == own
    assert [canary.text for canary in canaries() if canary.slug != "thisted" and canary.text in text] == []
    mine = set(other_texts("thisted"))
    assert [sentence for sentence in other_texts("morsoe") if sentence in text and sentence not in mine] == []


def test_people_are_those_that_rows_point_at_without_any_secret(made, cast):
    users = lines(made[1], "users.jsonl")
    assert {cast.konsulent.email, cast.fnt.email} <= {user["email"] for user in users}
    assert cast.users["mors-koordinator"].email not in {user["email"] for user in users}
    assert set(users[0]) == {"id", "name", "email", "title", "is_system"}


def test_cpr_numbers_are_in_clear_and_no_sealed_column_is_there(made, cast):
    rows = lines(made[1], "tables/cases_persondata.jsonl")
    assert any(len(row["cpr"]) == 10 and row["cpr"].isdigit() for row in rows)
    for name in made[1].namelist():
        if name.startswith("tables/") and (found := lines(made[1], name)):
            assert not [column for column in found[0] if column.endswith("_sealed")], name


def test_a_sealed_column_that_nobody_speaks_for_stops_the_export(confirmed, cast, monkeypatch, caplog):
    monkeypatch.delitem(exporting._clear, PersonData._meta.label)
    done = run(confirmed[0], cast)
    assert (done.status, done.archive_key) == ("FAILED", "")
    assert "Noget gik galt" in done.error


def test_manifest_sums_and_readme(made):
    manifest = json.loads(made[1].read("manifest.json"))
    assert manifest["format"] == "ssp-export-1"
    for part in manifest["parts"]:
        content = made[1].read(part["path"])
        assert (len(content), Archive.digest(content)) == (part["bytes"], part["sha256"])
    assert set(made[1].namelist()) == {part["path"] for part in manifest["parts"]} | {"README.txt", "manifest.json"}
    assert "personoplysninger" in made[1].read("README.txt").decode()


def test_files_that_rows_point_at_are_in_it(confirmed, cast):
    from municipalities.models import Forum
    from reports.models import Report
    from reports.periods import ended_half_years

    half, key = ended_half_years()[3], file_store().put(b"%PDF a report")
    with context_of(actor_of(cast.konsulent, "thisted")) as actor:
        forum = Forum.objects.get(kind="LOKALRAAD", tenant=actor.tenant_id)
        report = Report.objects.create(
            tenant_id=actor.tenant_id, forum=forum, audience=forum, period_from=half.first_day, period_to=half.last_day, ordered_by=cast.konsulent, status="DONE", file_key=key
        )
    done = run(confirmed[0], cast)
    archive = opened(done, confirmed[1])
    assert archive.read(f"files/reports_report/{report.pk}.pdf") == b"%PDF a report"


# ---- the border -----------------------------------------------------------------------------------------------------
def test_each_person_is_in_the_log_with_the_purpose_of_the_export(made, log, cast):
    entries = [entry for entry in log() if entry.purpose == Purpose.EXPORT]
    named = {subject for entry in entries for subject in entry.subjects}
    with harness.admin(harness.DATABASE) as conn:
        persons = {row[0] for row in conn.execute("select id from cases_person where tenant_id = %s", [made[0].tenant_id]).fetchall()}
    assert named == persons
    assert {(entry.action, entry.actor_id) for entry in entries} == {(LogEntry.Action.EXPORT, cast.dpo.pk)}
    assert "personoplysninger" in {entry.note for entry in entries}, "what was taken stands there in words"


def test_without_the_log_nothing_is_read(confirmed, cast, caplog):
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("revoke insert on audit.logentry from ssp_app")
        try:
            with pytest.raises(DatabaseError):
                run(confirmed[0], cast)
        finally:
            conn.execute("grant insert on audit.logentry to ssp_app")
    assert fresh(confirmed[0], cast).archive_key == ""


def test_the_actor_reads_and_the_database_refuses_every_write(confirmed, cast):
    order, _passphrase = confirmed
    change(order, cast, status="RUNNING")
    actor = exporting.export_actor(fresh(order, cast))
    with context_of(actor):
        read_only()
        for model in exporting.tables():
            model._default_manager.filter(tenant_id=order.tenant_id).first()
    for model in exporting.tables():
        with pytest.raises(DatabaseError):
            _try_to_write(actor, model)


def _try_to_write(actor, model):
    with context_of(actor):
        read_only()
        model._default_manager.filter(tenant_id=actor.tenant_id).update(tenant_id=actor.tenant_id)


def test_the_actor_sees_no_person_without_a_ticket(confirmed, cast):
    change(confirmed[0], cast, status="RUNNING")
    with context_of(exporting.export_actor(fresh(confirmed[0], cast))):
        assert not any(model._default_manager.exists() for model in exporting.tables() if exporting.needs_ticket(model))
        open_tables = [model for model in exporting.tables() if not exporting.needs_ticket(model)]
        assert [model for model in open_tables if model._default_manager.exclude(tenant_id=confirmed[0].tenant_id).exists()] == []


def test_no_actor_comes_from_an_order_that_is_not_confirmed(ordered, cast):
    with pytest.raises(PermissionError):
        exporting.export_actor(ordered)


# ---- two persons ----------------------------------------------------------------------------------------------------
def test_one_person_cannot_do_both(cast, ordered):
    from dataclasses import replace

    from access.roles import Verb

    actor = actor_of(cast.it, "thisted")
    with context_of(actor), pytest.raises(PermissionDenied):
        export_orders.confirm_export(ordered, actor=actor)
    both = replace(actor, tenant_verbs=frozenset({Verb.MANAGE_TENANT, Verb.VIEW_AUDIT}))
    with context_of(both), pytest.raises(PermissionDenied):
        export_orders.confirm_export(ordered, actor=both)
    with pytest.raises(DatabaseError), context_of(both):
        ExportOrder.objects.filter(pk=ordered.pk).update(confirmed_by=cast.it)


def test_a_kommune_without_a_dpo_cannot_order(cast):
    from municipalities.models import Appointment

    actor = actor_of(cast.it, "thisted")
    with context_of(actor):
        Appointment.objects.filter(tenant=actor.tenant_id, role="DPO").update(valid_to=timezone.now())
    with context_of(actor), pytest.raises(export_orders.ExportStateError, match="DPO"):
        export_orders.order_export("x", actor=actor)


def test_a_dpo_who_has_been_replaced_stops_the_export(confirmed, cast):
    from municipalities.models import Appointment

    with context_of(actor_of(cast.it, "thisted")) as actor:
        Appointment.objects.filter(tenant=actor.tenant_id, role="DPO").update(valid_to=timezone.now())
    exporting.make_export(confirmed[0].tenant_id, cast.dpo.pk, confirmed[0].pk)
    with context_of(actor_of(cast.it, "thisted")):
        order = ExportOrder.objects.get(pk=confirmed[0].pk)
    assert order.status == "FAILED"
    assert "ikke længere DPO" in order.error


# ---- the worker -----------------------------------------------------------------------------------------------------
def test_a_killed_worker_leaves_nothing_and_the_next_one_begins_anew(confirmed, cast, monkeypatch):
    order, passphrase = confirmed
    files = set(file_store().folder.glob("*"))

    def die(*args):
        raise SystemExit("killed")

    monkeypatch.setattr(exporting, "_log_rows", die)
    with pytest.raises(SystemExit):
        run(order, cast)
    monkeypatch.undo()
    assert set(file_store().folder.glob("*")) == files
    assert fresh(order, cast).status == "RUNNING"
    run(order, cast)  # a second delivery while the first may still be at it: left alone
    assert fresh(order, cast).status == "RUNNING"
    change(order, cast, touched_at=timezone.now() - timedelta(seconds=61))
    done = run(order, cast)
    assert done.status == "DONE"
    assert opened(done, passphrase).testzip() is None


def looks(order):
    with harness.admin(harness.DATABASE) as conn:
        query = "select (payload->>'turn')::int from access_outboxmessage where kind = 'job' and payload->>'job' = 'look_after_export' and tenant_id = %s"
        rows = conn.execute(query, [order.tenant_id])
        return sorted(turn for (turn,) in rows.fetchall())


def test_an_export_whose_worker_has_died_is_taken_over_and_watched_on(confirmed, cast):
    order = confirmed[0]
    look = partial(exporting.look_after, order.tenant_id, cast.dpo.pk, order.pk)
    change(order, cast, status="RUNNING", touched_at=timezone.now())
    look(1)
    assert (fresh(order, cast).status, looks(order)) == ("RUNNING", [1, 2]), "its worker lives: only the next look is ordered"
    change(order, cast, touched_at=timezone.now() - 2 * ExportOrder.lease)
    look(2)
    assert (fresh(order, cast).status, looks(order)) == ("DONE", [1, 2, 3])
    look(3)
    assert looks(order) == [1, 2, 3], "finished: nobody looks again"


def test_who_looked_after_an_earlier_attempt_leaves_the_next_one_alone(confirmed, cast):
    """Given up, and tried again: the old chain's last look comes before the new attempt has begun."""
    order = confirmed[0]
    change(order, cast, status="RUNNING", touched_at=timezone.now() - timedelta(minutes=6))
    with context_of(actor_of(cast.dpo, "thisted")) as actor:
        export_orders.restart_export(ExportOrder.objects.get(pk=order.pk), actor=actor)
    exporting.look_after(order.tenant_id, cast.dpo.pk, order.pk, MOST_TURNS, 1)
    again = fresh(order, cast)
    assert (again.status, again.attempt, again.error) == ("QUEUED", 2, "")
    exporting.look_after(order.tenant_id, cast.dpo.pk, order.pk, 1, 2)
    assert fresh(order, cast).status == "DONE"


def test_an_export_that_kills_its_workers_is_given_up_with_a_sentence(confirmed, cast, monkeypatch, caplog):
    order = confirmed[0]
    change(order, cast, status="RUNNING", touched_at=timezone.now() - 2 * ExportOrder.lease)
    monkeypatch.setattr(exporting, "_build", lambda *args: pytest.fail("once more"))
    exporting.look_after(order.tenant_id, cast.dpo.pk, order.pk, MOST_TURNS)
    given_up = fresh(order, cast)
    assert given_up.error.startswith("Noget gik galt") and given_up.may_be_restarted and looks(order) == [1]


def test_a_worker_that_is_never_heard_of_again_gives_a_sentence_and_a_button(confirmed, cast):
    order, _passphrase = confirmed
    change(order, cast, status="RUNNING", touched_at=timezone.now() - timedelta(minutes=6))
    page = readable(make_client(cast.dpo).get(f"/thisted/eksport/{order.public_id}/"))
    assert "Udtrækningen blev ikke færdig" in page
    assert "Prøv igen" in page


def test_made_twice_is_one_file_and_one_mail(confirmed, cast):
    first, second = run(confirmed[0], cast), run(confirmed[0], cast)
    assert (first.archive_key, first.key_sealed) == (second.archive_key, "")


def test_a_real_worker_makes_it(worker, cast, ordered):
    from tests.conftest import wait_for

    client = make_client(cast.dpo)
    response = client.post(f"/thisted/eksport/{ordered.public_id}/bekraeft/")
    assert response.status_code == 200
    wait_for(lambda: fresh(ordered, cast).status == "DONE", timeout=60)


# ---- pages ----------------------------------------------------------------------------------------------------------
def test_the_way_in_the_browser(cast, monkeypatch):
    admin, dpo = make_client(cast.it), make_client(cast.dpo)
    assert b"novalidate" in admin.get("/thisted/eksport/").content
    without_a_reason = admin.post("/thisted/eksport/", {"reason": " "})
    assert without_a_reason.status_code == 422 and "Skriv, hvorfor kommunen tager sine data ud" in readable(without_a_reason)
    assert admin.post("/thisted/eksport/", {"reason": "for 010203-1234"}).status_code == 422
    page = admin.post("/thisted/eksport/", {"reason": "Aftalen ophører"}, follow=True)
    here = page.request["PATH_INFO"]
    assert admin.post("/thisted/eksport/", {"reason": "en til"}).status_code == 409
    assert "Bekræft og vis" not in readable(page)
    assert admin.post(f"{here}bekraeft/").status_code == 404
    assert "Bekræft og vis" in readable(dpo.get(here))
    shown = dpo.post(f"{here}bekraeft/")
    passphrase = shown.context["passphrase"]
    assert passphrase in readable(shown)
    assert dpo.post(f"{here}bekraeft/").status_code == 409
    assert passphrase not in readable(dpo.get(here))


def week(user):
    return readable(make_client(user).get("/thisted/"))


def test_min_uge_says_that_it_waits(ordered, cast):
    assert "Venter på din bekræftelse" in week(cast.dpo)
    assert "Venter på DPO'en" in week(cast.it) and "Venter på din bekræftelse" not in week(cast.it)
    for other in (cast.konsulent, cast.chef, cast.elev):
        assert "Udtrækning af hele kommunen" not in week(other) and "Aftalen ophører" not in week(other)
    assert "Aftalen ophører" not in readable(make_client(cast.users["mors-it"]).get("/morsoe/"))


def test_min_uge_says_that_it_can_be_fetched_and_until_when(made, cast):
    order = made[0]
    assert "Klar til at hente" in week(cast.dpo) and "kan hentes til" in week(cast.dpo) and "udløber snart" not in week(cast.dpo)
    assert "Klar til at hente" not in week(cast.it) and "DPO’en kan hente den" in week(cast.it)
    change(order, cast, expires_at=timezone.now() + timedelta(hours=20))
    assert "udløber snart" in week(cast.dpo)
    change(order, cast, expires_at=timezone.now() - timedelta(seconds=1))
    assert "Aftalen ophører" not in week(cast.dpo) + week(cast.it)


def test_only_the_dpo_fetches_the_file_for_seven_days_and_it_is_logged(made, cast, log):
    order = made[0]
    here = f"/thisted/eksport/{order.public_id}/"
    for other in (cast.it, cast.konsulent, cast.chef, cast.elev):
        assert make_client(other).get(f"{here}fil/").status_code == 404
    assert make_client(cast.it).get(here).status_code == 200
    before = len([entry for entry in log() if entry.note == "sspx"])
    response = make_client(cast.dpo).get(f"{here}fil/")
    assert response.content.startswith(b"SSPX1")
    assert response.headers["Cache-Control"] == "no-store"
    assert len([entry for entry in log() if entry.note == "sspx"]) == before + 1
    change(order, cast, expires_at=timezone.now() - timedelta(seconds=1))
    assert make_client(cast.dpo).get(f"{here}fil/").status_code == 404
    assert export_orders.remove_old_files() == 1
    assert fresh(order, cast).status == "REMOVED"
    assert not (file_store().folder / f"{order.archive_key}.sealed").exists()


def test_others_see_no_page_of_it(cast, ordered):
    for user in (cast.konsulent, cast.chef, cast.vpi, cast.elev, cast.kredssekretaer):
        assert make_client(user).get("/thisted/eksport/").status_code == 404
        assert make_client(user).get(f"/thisted/eksport/{ordered.public_id}/").status_code == 404


def test_an_order_can_be_called_off_until_it_runs(cast, ordered):
    here = f"/thisted/eksport/{ordered.public_id}/"
    assert "afblæst" in readable(make_client(cast.it).post(f"{here}afblaes/", follow=True))
    assert make_client(cast.dpo).post(f"{here}bekraeft/").status_code == 409


# ---- the lock -------------------------------------------------------------------------------------------------------
def test_the_file_opens_with_its_passphrase_alone():
    passphrase = new_passphrase()
    locked = locked_with(b"clear", lock_of(passphrase))
    assert unlocked(locked, passphrase.upper().replace("-", " ")) == b"clear"
    turned = locked[:-1] + bytes([locked[-1] ^ 1])
    other_way, short = b"SSPX1" + b"\x0e" + locked[6:], locked[:40]
    for broken, word in ((locked, "another"), *((content, passphrase) for content in (turned, b"", short, other_way, b"PK" + locked[2:]))):
        with pytest.raises(CannotOpenError):
            unlocked(broken, word)


def test_the_documented_way_opens_it_without_the_product():
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    passphrase = new_passphrase()
    locked = locked_with(b"clear", lock_of(passphrase))
    head, body = locked[:36], locked[36:]
    key = Scrypt(salt=head[8:24], length=32, n=2 ** head[5], r=head[6], p=head[7]).derive(passphrase.replace("-", "").encode())
    assert AESGCM(key).decrypt(head[24:36], body, head) == b"clear"


def test_the_command_opens_a_file_and_says_why_when_it_cannot(tmp_path, monkeypatch):
    passphrase = new_passphrase()
    source = tmp_path / "a.sspx"
    source.write_bytes(locked_with(b"PK zip", lock_of(passphrase)))
    monkeypatch.setattr("getpass.getpass", lambda prompt: passphrase)
    call_command("open_export", str(source))
    assert (tmp_path / "a.zip").read_bytes() == b"PK zip"
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="exists already"):
        call_command("open_export", str(source))
    with pytest.raises(CommandError, match="no file"):
        call_command("open_export", str(tmp_path / "b.sspx"))
    monkeypatch.setattr("getpass.getpass", lambda prompt: "wrong")
    with pytest.raises(CommandError, match="passphrase"):
        call_command("open_export", str(source), "--to", str(tmp_path / "c.zip"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.sspx", "a.zip"], "nothing half opened is left"


# ---- in pieces ------------------------------------------------------------------------------------------------------
def test_a_large_kommune_is_taken_out_without_standing_in_memory(confirmed, cast):
    """Six attachments of 8 MB that no zip makes smaller: the job needs about one of them, not the archive."""
    content = os.urandom(8 * 1024 * 1024)
    key = file_store().put(content)
    with context_of(actor_of(cast.konsulent, "thisted")):
        item = AgendaItem.objects.select_related("meeting").filter(meeting__forum__key="grundskole").first()
        for number in range(6):
            Attachment.objects.create(
                tenant_id=item.tenant_id, forum_id=item.forum_id, meeting=item.meeting, item=item, name=f"Stor {number}.pdf", kind="PDF", size=len(content), file_key=key,
                sha256=hashlib.sha256(content).hexdigest(), uploaded_by=cast.konsulent,
            )  # fmt: skip
    tracemalloc.start()
    done = run(confirmed[0], cast)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (done.status, done.error) == ("DONE", "")
    assert done.file_size > 6 * len(content)
    assert peak < 4 * len(content), f"{peak} bytes at once"
    archive = opened(done, confirmed[1])
    assert sum(archive.getinfo(name).file_size == len(content) for name in archive.namelist() if name.startswith("files/")) == 6
    assert archive.testzip() is None


def test_a_draft_of_a_killed_worker_is_forgotten_after_a_day():
    store = file_store()
    store.folder.mkdir(parents=True, exist_ok=True)
    old, young = store.folder / "old.part", store.folder / "young.part"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    remove_old_exports()
    assert (old.exists(), young.exists()) == (False, True)
    young.unlink()


