"""People from a file: read, judged row by row, written all or none. Every bad file gets one sentence and leaves nothing."""

import csv
import io
import resource
import time
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.context import context_of
from access.models import OutboxMessage, User
from municipalities import people_actions, people_import
from municipalities.models import Organisation, PeopleImport, Seat, Tenant
from municipalities.people_file import MOST_ROWS, FileRefusedError, read_people
from municipalities.presets import setup_actor
from municipalities.tasks import forget_people_files
from tests.conftest import acting
from tests.rules.crawl import readable

PAGE = "/thisted/opsaetning/personer/import/"
HEAD = ["Navn", "E-mail", "Forum", "Rolle", "Organisation"]
PER = ["Per Opdigtet", "per@thisted.example", "SSP Grundskole", "Medlem", "Grundskolerne"]


def as_csv(*rows, head=HEAD, delimiter=";", encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([head, *rows])
    return text.getvalue().encode(encoding)


def as_xlsx(*rows, head=HEAD):
    book = openpyxl.Workbook()
    for row in [head, *rows]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(window, content, name="personer.csv"):
    return window.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def row(**changes):
    return list({**dict(zip(("name", "email", "forum", "role", "organisation"), PER, strict=True)), **changes}.values())


# ---- reading ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_usual_text_is_read(encoding, delimiter):
    (found,) = read_people("p.csv", as_csv(row(name="Åse Ærø-Østergård"), encoding=encoding, delimiter=delimiter))
    assert (found["name"], found["forum"], found["line"]) == ("Åse Ærø-Østergård", "SSP Grundskole", 2)


def test_a_text_of_excel_is_read_whichever_byte_comes_first(cast, visit):
    """«Unicode-tekst»: UTF-16 with its mark, tabs between the cells."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        content = mark + as_csv(row(name='Şahin "Åse" Łukasz'), encoding=encoding, delimiter="\t")
        (found,) = read_people("personer.txt", content)
        assert found["name"] == 'Şahin "Åse" Łukasz'
        assert upload(visit(cast.it), content, "personer.txt").status_code == 302


def test_a_spreadsheet_is_read_with_its_columns_in_any_order():
    cells = ["Grundskolerne", "x", "Medlem", "SSP Grundskole", "per@thisted.example", " Per   Opdigtet "]
    content = as_xlsx(cells, head=["Organisation", "Bemærkning", "Titel", "FORUM", "Mail", "Navn *"])
    (found,) = read_people("p.xlsx", content)
    assert [found[key] for key in ("name", "email", "forum", "role", "organisation")] == PER


def bomb(part="xl/worksheets/sheet1.xml", size=200 * 1024 * 1024):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open(part, "w") as stream:
            for _ in range(size // (1024 * 1024)):
                stream.write(b" " * 1024 * 1024)
    return out.getvalue()


def many_parts():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(300):
            archive.writestr(f"xl/{n}.xml" if n else "xl/workbook.xml", "<x/>")
    return out.getvalue()


def laughs():
    """A workbook whose text is an entity that grows."""
    source, out = io.BytesIO(as_xlsx(PER)), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            new.writestr(part, b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>' if part.filename == "xl/workbook.xml" else text)
    return out.getvalue()


def plain_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("navne.csv", as_csv(PER))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.csv", b"", "tom"),
        ("p.csv", as_csv(), "ingen personer"),
        ("p.csv", as_csv(PER[1:], head=HEAD[1:]), "mangler i første række: navn"),
        ("p.csv", b"bare noget tekst", "mangler i første række"),
        ("p.csv", as_csv([*PER, "x"], head=[*HEAD, "mail"]), "To kolonner"),
        ("p.csv", as_csv(PER, encoding="utf-16-le"), "Bogstaverne"),  # without its mark
        ("p.csv", as_csv(PER, encoding="utf-16")[:-1], "Bogstaverne"),  # cut in the middle of a letter
        ("p.csv", as_csv(PER, encoding="utf-32"), "Bogstaverne"),
        ("p.csv", b"\xff\xfe\x00\x81\x8d" * 40, "Bogstaverne"),
        ("p.csv", b"Navn;\x81\x8d\x8f", "Bogstaverne"),
        ("p.csv", as_csv(PER) + b'"aldrig lukket;x\n', "anførselstegn"),
        ("p.xlsx", b"%PDF-1.7\n%\x00\x00\n1 0 obj", "typen PDF"),
        ("p.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00", "typen PNG"),
        ("p.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "Gem den som XLSX"),
        ("p.xlsx", plain_zip(), "arkiv"),
        ("p.xlsx", b"PK\x03\x04 og saa ingenting", "kan ikke læses"),
        ("p.xlsx", as_xlsx(PER)[:-400], "kan ikke læses"),
        ("p.xlsx", laughs(), "ikke hører til"),
        ("p.xlsx", many_parts(), "alt for stort"),
        ("p.csv", as_csv(PER) + b"x" * (5 * 1024 * 1024), "5 MB"),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_sentence_and_nothing_is_kept(cast, visit, as_actor, name, content, said):
    answer = upload(visit(cast.it), content, name)
    assert answer.status_code == 422 and said in readable(answer)
    with as_actor(cast.it):
        assert PeopleImport.objects.count() == 1  # the demo's


def test_no_file_at_all(cast, visit):
    answer = visit(cast.it).post(PAGE, {})
    assert answer.status_code == 422 and "Vælg en fil" in readable(answer)


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_fifty_thousand_rows_are_refused_at_once(make):
    content = make(*(row(email=f"n{n}@thisted.example") for n in range(50_000)))
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(FileRefusedError, match="500"):
        read_people("p", content)
    assert time.process_time() - start < 6
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # kB


def test_a_zip_bomb_is_not_unpacked():
    content, start = bomb(), time.process_time()
    with pytest.raises(FileRefusedError, match="alt for stort"):
        read_people("p.xlsx", content)
    assert time.process_time() - start < 1


def test_a_sheet_that_lies_about_its_size_is_read_to_its_end():
    source, out = io.BytesIO(as_xlsx(PER)), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            new.writestr(part, old.read(part).replace(b'r="2"', b'r="1048576"') if "sheet1" in part.filename else old.read(part))
    start = time.process_time()
    with pytest.raises(FileRefusedError):
        read_people("p.xlsx", out.getvalue())
    assert time.process_time() - start < 2


# ---- judging ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Navn mangler"),
        ({"email": "per@thisted"}, "ikke en mailadresse"),
        ({"forum": "SSP Månen"}, "intet forum"),
        ({"organisation": "NASA"}, "ingen organisation"),
        ({"role": "Kaptajn"}, "hverken en plads i forummet eller en rolle"),
        ({"name": "=1+1"}, "formel"), ({"role": "@SUM(A1)"}, "formel"), ({"organisation": "+45"}, "formel"), ({"forum": "-x"}, "formel"),
        ({"name": "Per ‘rsen ›"}, "tegnkodning"), ({"name": "Ã˜jvind"}, "tegnkodning"),
        ({"name": "P" * 150}, "for langt"),
        ({"forum": "§ 115-møder", "organisation": "Natteravnene"}, "Private organisationer"),
        ({"forum": "§ 115-møder", "role": "Elevrepræsentant"}, "elever kan ikke"),
        ({"forum": "§ 115-møder", "email": "rasmus.ledsgaard@thisted.example"}, "IT-administrator kan ikke have en plads"),
        ({"role": "Koordinator"}, "allerede en med rollen"),
    ],
)  # fmt: skip
def test_a_bad_row_says_why(cast, visit, as_actor, changed, said):
    with as_actor(cast.it) as actor:
        forums = {seat.forum.key: seat.forum.name for seat in Seat.objects.filter(tenant=actor.tenant_id).select_related("forum")}
        private = Organisation.objects.filter(tenant=actor.tenant_id, kind="private").first()
    fitted = {key: forums["p115"] if value == "§ 115-møder" else private.name if value == "Natteravnene" else value for key, value in changed.items()}
    window = visit(cast.it)
    page = upload(window, as_csv(row(**fitted), row(email="anden@thisted.example")))
    assert page.status_code == 302
    text = readable(window.get(page.headers["Location"]))
    assert said in text and "1 række har en fejl" in text and "Besæt pladserne" not in text


def test_the_number_of_a_wrong_row_is_named_where_the_table_is_folded(cast, visit):
    window = visit(cast.it)
    page = window.get(upload(window, as_csv(row(email="ane"))).headers["Location"])
    assert '<th scope="row" data-l="Række">2</th>' in page.content.decode()


def test_a_formula_in_a_spreadsheet_is_refused_and_not_reckoned(cast, visit):
    window = visit(cast.it)
    page = upload(window, as_xlsx(row(name='=HYPERLINK("http://ondt.example","Per")')), "p.xlsx")
    text = readable(window.get(page.headers["Location"]))
    assert "formel" in text and "1 række har en fejl" in text


def test_rows_that_disagree_name_each_other(cast, visit):
    window = visit(cast.it)
    page = upload(window, as_csv(PER, PER, row(role="Observatør", name="En Anden")))
    text = readable(window.get(page.headers["Location"]))
    assert "står i række 2" in text and "Række 2 har et andet navn" in text and "2 rækker har fejl" in text


@pytest.mark.parametrize("where", ["name", "extra"])
def test_a_cpr_number_is_refused_and_kept_nowhere(cast, visit, as_actor, log, where):
    cells = [*row(name="Per 010112-1234" if where == "name" else "Per Opdigtet"), "010112-1234" if where == "extra" else ""]
    window = visit(cast.it)
    page = upload(window, as_csv(cells, head=[*HEAD, "Bemærkning"]))
    text = readable(window.get(page.headers["Location"]))
    assert "CPR-nummer" in text and "010112" not in text and "per@thisted.example" not in text
    with as_actor(cast.it):
        assert "010112" not in str(list(PeopleImport.objects.values_list("rows", flat=True)))
    assert "010112" not in str([(entry.changes, entry.object_repr) for entry in log()])


# ---- writing ---------------------------------------------------------------------------------------------------------
def confirmed(window, page):
    return window.post(page.headers["Location"] + "bekraeft/")


def test_confirming_fills_seats_invites_and_forgets(cast, visit, as_actor, log):
    window = visit(cast.it)
    page = upload(window, as_csv(PER, row(forum="SSP+"), row(name="Bo Opdigtet", email="BO@thisted.example")))
    text = readable(window.get(page.headers["Location"]))
    assert "3 pladser bliver besat" in text, text[text.index("<main"):][:3000]
    assert not User.objects.filter(email="per@thisted.example").exists()
    assert confirmed(window, page).status_code == 302
    with as_actor(cast.it) as actor:
        seats = Seat.objects.current().filter(tenant=actor.tenant_id, user__email="per@thisted.example")
        assert sorted(seat.forum.name for seat in seats.select_related("forum")) == ["SSP Grundskole", "SSP+"]
        assert PeopleImport.objects.count() == 1
    with acting(setup_actor(Tenant.objects.get(slug="thisted"))):
        assert {mail.payload["template"] for mail in OutboxMessage.objects.filter(recipient__email__in=["per@thisted.example", "bo@thisted.example"])} == {"mail/invitation.txt"}
        assert OutboxMessage.objects.filter(recipient__email="per@thisted.example").count() == 1
    kept = [entry for entry in log() if entry.content_type.model == "peopleimport"]
    assert kept and "Opdigtet" not in str([entry.changes for entry in kept])


def test_a_vacant_seat_is_taken_and_a_held_one_left_alone(cast, visit, as_actor):
    with as_actor(cast.it) as actor:
        seat = next(seat for seat in Seat.objects.current().filter(tenant=actor.tenant_id, user=None).select_related("forum", "organisation") if not seat.forum.is_person_forum)
        held = Seat.objects.current().filter(tenant=actor.tenant_id, user=cast.konsulent, forum__key="styregruppe").select_related("forum", "organisation").first()
        before = Seat.objects.count()
    rows = [["Per Opdigtet", "per@thisted.example", seat.forum.name, seat.title, seat.organisation.name],
            [cast.konsulent.name, cast.konsulent.email, held.forum.name, held.title, held.organisation.name]]  # fmt: skip
    window = visit(cast.it)
    page = upload(window, as_xlsx(*rows), "p.xlsx")
    text = readable(window.get(page.headers["Location"]))
    assert "Får den ledige plads" in text and "har allerede pladsen" in text
    assert confirmed(window, page).status_code == 302
    with as_actor(cast.it):
        seat.refresh_from_db()
        assert seat.user.email == "per@thisted.example" and Seat.objects.count() == before


def test_rows_with_errors_cannot_be_confirmed(cast, visit):
    window = visit(cast.it)
    page = upload(window, as_csv(PER, row(email="nej")))
    answer = confirmed(window, page)
    assert answer.status_code == 409 and "Intet er skrevet" in readable(answer)
    assert not User.objects.filter(email="per@thisted.example").exists()


@pytest.mark.parametrize("at", ["hold_seats", "_open_invitations", "_mail"])
def test_a_failure_half_way_leaves_nothing(cast, visit, as_actor, monkeypatch, at):
    """Accounts, seats, invitations and mails are one transaction, wherever it breaks."""
    real = getattr(people_actions, at)

    def fails(*args, **kwargs):
        real(*args, **kwargs)
        raise RuntimeError

    monkeypatch.setattr(people_actions, at, fails)
    window = visit(cast.it, raise_request_exception=False)
    page = upload(window, as_csv(*(row(email=f"n{n}@thisted.example") for n in range(4))))
    assert confirmed(window, page).status_code == 500
    assert not User.objects.filter(email__regex="^n[0-9]+@thisted").exists()
    with as_actor(cast.it):
        assert not Seat.objects.filter(user__email__regex="^n[0-9]+@thisted").exists()
        assert window.get(page.headers["Location"]).status_code == 200


def test_confirming_twice_writes_once(cast, visit):
    window = visit(cast.it)
    page = upload(window, as_csv(PER))
    first, second = confirmed(window, page), confirmed(window, page)
    assert [first.status_code, second.status_code] == [302, 404]


@pytest.mark.parametrize("step", ["bekraeft/", "kasser/"])
def test_the_other_window_hears_that_the_file_waits_no_more(cast, visit, step):
    window = visit(cast.it)
    page = upload(window, as_csv(PER))
    confirmed(window, page)
    answer = window.post(page.headers["Location"] + step)
    assert answer.status_code == 404
    assert "Filen venter ikke mere" in readable(answer)
    assert 'action="/thisted/opsaetning/personer/import/"' in answer.content.decode()  # a new file goes where files go


def test_the_largest_file_is_confirmed_in_time(cast, visit, log):
    """The same few queries as for a small one, and still a line in the log for every seat and every invitation."""
    window, asked = visit(cast.it), []
    for rows in ([row(email=f"m{n}@thisted.example") for n in range(3)], [row(email=f"n{n}@thisted.example") for n in range(MOST_ROWS)]):
        page = upload(window, as_csv(*rows))
        start = time.process_time()
        with CaptureQueriesContext(connection) as queries:
            assert confirmed(window, page).status_code == 302
        assert time.process_time() - start < 5
        asked.append(len(queries))
    assert asked[1] - asked[0] < 30  # the larger one is written in some more batches
    written = [entry.content_type.model for entry in log() if entry.action == 0]
    assert written.count("seat") >= MOST_ROWS + 3 and written.count("invitation") >= MOST_ROWS + 3
    assert User.objects.filter(email__regex="^n[0-9]+@thisted").count() == MOST_ROWS


def test_only_administrators_see_the_rows(cast, visit, as_actor):
    page = upload(visit(cast.it), as_csv(PER)).headers["Location"]
    for user in (cast.konsulent, cast.dpo, cast.fnt):
        assert visit(user).get(page).status_code == 404
        with as_actor(user):
            assert PeopleImport.objects.count() == 0
    assert visit(cast.users["mors-it"]).get(page.replace("thisted", "morsoe", 1)).status_code == 404


def test_the_template_can_be_read_back(cast, visit):
    answer = visit(cast.it).get(PAGE + "skabelon/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="personer.csv"'
    (found,) = read_people("personer.csv", answer.content)
    assert found["name"] == "Ane Opdigtet"


def test_throwing_away(cast, visit, as_actor):
    window = visit(cast.it)
    page = upload(window, as_csv(PER))
    assert window.post(page.headers["Location"] + "kasser/").status_code == 302
    assert window.get(page.headers["Location"]).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_after_a_day_it_is_forgotten(monkeypatch):
    tenant = Tenant.objects.get(slug="thisted")

    def waiting():
        with context_of(setup_actor(tenant)):
            return PeopleImport.objects.count()

    forget_people_files()
    assert waiting() == 1
    monkeypatch.setattr(people_import, "LIFE", timedelta(0))
    forget_people_files()
    assert waiting() == 0


def test_the_roles_bear_the_names_of_the_kommune(cast, visit):
    Tenant.objects.filter(slug="thisted").update(terms={"coordinator": "SSP-tovholder"})
    window = visit(cast.it)
    page = upload(window, as_csv(row(role="Kaptajn"), row(role="SSP-tovholder", email="to@thisted.example"))).headers["Location"]
    said = readable(window.get(page))
    assert "Rollerne er: SSP-tovholder, Formand" in said
    assert "en med rollen SSP-tovholder" in said and "Koordinator" not in said


def test_a_file_that_is_cut_off_is_said_to_be_too_large(cast, visit, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 2000
    answer = upload(visit(cast.it), as_csv(*(row(email=f"n{n}@thisted.example") for n in range(200))))
    assert answer.status_code == 422 and "5 MB" in readable(answer) and "Vælg en fil" not in readable(answer)
