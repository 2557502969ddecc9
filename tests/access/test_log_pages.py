"""The access log in the browser: the DPO's, one's own, the filter."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.actor import Actor
from access.gate import note_denied, open_ticket
from access.log_lines import log_lines
from access.models import LogEntry, Purpose
from cases.models import Case, PersonData
from municipalities.models import Forum
from plans.models import Initiative, Plan, PlanVersion
from tests.conftest import acting

PAGE = "/thisted/adgangslog/"
Action = LogEntry.Action


def rows(response):
    """The entries on the page, each as plain text."""
    html = response.content.decode()
    body = html.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in html else ""
    plain = (" ".join(re.sub(r"<[^>]+>", " ", row).replace("\u00a0", " ").split()) for row in body.split("<tr")[1:])
    return [row.partition(">")[2].strip() or row for row in plain]


@pytest.fixture
def opened(cast, as_actor):
    """`opened(user, times)`: the user opens the first case he sees; gives back the case."""

    def act(user, slug="thisted", *, times=1, note="", action=Action.VIEW):
        with as_actor(user, slug) as actor:
            case = Case.objects.order_by("pk").first()
            for _ in range(times):
                open_ticket(actor, Case, [case.person_id], purpose=Purpose.FOLLOW_UP, action=action, row=case, note=note)
            return case

    return act


# ---- the DPO ------------------------------------------------------------------------------------------------------
def test_the_dpo_sees_who_in_which_seat_why_and_about_whom(visit, cast, opened):
    case = opened(cast.konsulent, note="Ringet op af skolen")
    first = rows(visit(cast.dpo).get(PAGE))[0]
    for part in ("Ditte Havmark", "SSP-konsulent", "Åbnet", f"Sag {case.number}", "Opfølgning på en aftale", "Ringet op af skolen", f"Person {case.person_id}"):
        assert part in first


def test_no_name_of_a_person_stands_in_the_log(visit, cast, opened, as_actor):
    case = opened(cast.konsulent)
    with as_actor(cast.konsulent) as actor:
        open_ticket(actor, Case, [case.person_id], purpose=Purpose.MEETING, row=case)
        data = PersonData.objects.get(person=case.person_id)
        names, school = data.name.split(), data.school
        data.school = "Et helt andet sted"
        data.save()
    page = visit(cast.dpo).get(f"{PAGE}?om={case.person_id}").content.decode().split("<tbody>")[1]
    assert "Rettet" in page
    for secret in (*names, school, "Et helt andet sted", data.cpr_masked):
        assert not secret or secret not in page


def test_reading_the_log_is_logged_too(visit, cast, log):
    before = len(log())
    visit(cast.dpo).get(PAGE)
    entry = log()[-1]
    assert len(log()) == before + 1
    assert (entry.actor_id, entry.purpose, entry.action, entry.subjects) == (cast.dpo.pk, "supervision", Action.LIST, [])


def test_the_log_of_the_neighbour_is_not_in_it(visit, cast, opened):
    opened(cast.fnt, "morsoe", note="nabokommunen")
    assert "nabokommunen" not in visit(cast.dpo).get(PAGE).content.decode()


def test_what_was_refused_or_rolled_back_stands_out(visit, cast, opened, as_actor):
    with as_actor(cast.chef) as actor:
        note_denied(actor, Case, "sager/2026-001")
    opened(cast.konsulent, action=Action.ATTEMPTED + Action.VIEW)
    attempted, refused = rows(visit(cast.dpo).get(PAGE))[:2]
    assert "forsøgt, ikke vist" in attempted
    assert "afvist" in refused and "Hanne Kirkevang" in refused


def test_the_page_is_never_stored(visit, cast):
    assert visit(cast.dpo).get(PAGE).headers["Cache-Control"] == "no-store"


# ---- the filter ---------------------------------------------------------------------------------------------------
def test_the_filter_finds_by_person_by_user_and_by_kind(visit, cast, opened):
    case = opened(cast.konsulent, note="af konsulenten")
    opened(cast.fnt, note="af betjenten", action=Action.DOCUMENT)
    client = visit(cast.dpo)

    def found(**asked):
        return "\n".join(rows(client.get(PAGE, asked)))

    assert "af konsulenten" in found(hvem=cast.konsulent.public_id) and "af betjenten" not in found(hvem=cast.konsulent.public_id)
    assert "af betjenten" in found(slags="dokument") and "af konsulenten" not in found(slags="dokument")
    assert "af konsulenten" in found(om=str(case.person_id)) and "af konsulenten" in found(om=f"Person {case.person_id}")
    assert "af konsulenten" not in found(om="999999")
    assert "af konsulenten" not in found(fra="2020-01-01", til="2020-01-31")


def test_a_guest_can_be_chosen_once_he_stands_in_the_log(visit, cast, as_actor, log):
    client, stranger = visit(cast.dpo), cast.kredssekretaer
    assert client.get(PAGE, {"hvem": stranger.public_id}).status_code == 422
    guest = cast.laerer
    with as_actor(cast.dpo) as actor:
        note_denied(replace(actor, user_id=guest.pk), Case, "x")  # the database stamps the actor of the context: still the DPO
    assert client.get(PAGE, {"hvem": guest.public_id}).status_code == 422
    with acting(Actor(user_id=guest.pk, tenant_id=actor.tenant_id)):
        note_denied(actor, Case, "som gæst")
    assert f'value="{guest.public_id}"' in client.get(PAGE).content.decode()
    assert "som gæst" in "".join(rows(client.get(PAGE, {"hvem": guest.public_id})))


@pytest.mark.parametrize(
    "asked",
    [
        {"om": "Emil Hansen"}, {"om": "1 or 1=1"}, {"fra": "i går"}, {"fra": "2026-02-30"}, {"fra": "2026-02-02", "til": "2026-02-01"}, {"slags": "alt"},
        {"hvem": "findes-ikke"}, {"foer": "-1"}, {"foer": "9" * 30},
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_answered_with_a_sentence(visit, cast, log, asked):
    before = len(log())
    response = visit(cast.dpo).get(PAGE, asked)
    assert response.status_code == 422
    assert "Der er noget, der skal rettes" in response.content.decode() or 'class="errs"' in response.content.decode()
    assert rows(response) == [] and len(log()) == before


def test_older_entries_stand_on_the_next_page_and_none_twice(visit, cast, opened):
    opened(cast.konsulent, times=45)
    client = visit(cast.dpo)
    asked = {"hvem": cast.konsulent.public_id, "slags": "aabnet"}
    first = client.get(PAGE, asked)
    link = re.search(r'href="(\?[^"]+)" rel="next"', first.content.decode())[1].replace("&amp;", "&")
    assert parse_qs(urlsplit(link).query)["hvem"] == [cast.konsulent.public_id]
    second = client.get(PAGE + link)
    keys = [[line.entry.pk for line in page.context["lines"]] for page in (first, second)]
    assert len(keys[0]) == 30 and len(keys[1]) >= 15
    assert min(keys[0]) > max(keys[1])


# ---- everybody else -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["konsulent", "chef", "it", "elev"])
def test_everybody_else_sees_only_his_own(visit, cast, opened, log, who):
    opened(cast.fnt, note="af betjenten")
    before = len(log())
    response = visit(getattr(cast, who)).get(PAGE)
    assert response.status_code == 200
    assert "Dine egne opslag" in response.content.decode()
    assert {line.entry.actor_id for line in response.context["lines"]} <= {getattr(cast, who).pk}
    assert "af betjenten" not in response.content.decode() and 'name="hvem"' not in response.content.decode()
    assert len(log()) == before


def test_ones_own_look_ups_can_be_filtered(visit, cast, opened):
    case = opened(cast.konsulent, note="min egen")
    opened(cast.konsulent, note="mit dokument", action=Action.DOCUMENT)
    client = visit(cast.konsulent)
    assert len([row for row in rows(client.get(PAGE)) if "min egen" in row or "mit dokument" in row]) == 2
    (only,) = rows(client.get(PAGE, {"slags": "dokument", "om": str(case.person_id)}))
    assert "mit dokument" in only


def test_nobody_asks_for_anothers_entries_through_the_address(visit, cast, opened):
    opened(cast.fnt, note="af betjenten")
    response = visit(cast.konsulent).get(PAGE, {"hvem": cast.fnt.public_id, "foer": "999999999"})
    assert "af betjenten" not in response.content.decode()


def test_the_dpo_sees_his_own_by_his_menu(visit, cast, opened):
    opened(cast.fnt, note="af betjenten")
    client = visit(cast.dpo)
    client.get(PAGE)
    assert f"{PAGE}?egne=1" in client.get("/thisted/organisation/").content.decode()
    mine = client.get(f"{PAGE}?egne=1")
    assert "af betjenten" not in mine.content.decode()
    assert "Tilsyn med loggen" in rows(mine)[0]


def test_only_the_dpo_has_the_log_in_his_menu(visit, cast):
    menus = [visit(user).get("/thisted/organisation/").content.decode().split('class="side"')[1].split("</nav>")[0] for user in (cast.dpo, cast.konsulent)]
    assert [PAGE in menu for menu in menus] == [True, False]


# ---- the words of a line ------------------------------------------------------------------------------------------
def line_of(model, terms=None, **fields):
    kind = ContentType.objects.get_for_model(model)
    entry = LogEntry(content_type=kind, object_pk="7", **{"object_repr": "", "action": Action.UPDATE, "subjects": [], "changes": None, **fields})
    (line,) = log_lines([entry], terms or {})
    return line


@pytest.mark.parametrize(
    ("told", "shown"), [("2026-014", "Sag 2026-014"), ("case 2026-014", "Sag 2026-014"), ("3/k7f3k7f3k7f3", "Sag nr. 7"), ("k7f3k7f3k7f3ab", "Sag nr. 7"), ("", "Sag nr. 7")]
)
def test_a_line_says_what_was_touched(db, told, shown):
    assert line_of(Case, object_repr=told).what == shown


def test_what_the_kommune_has_named_bears_its_name(db):
    own = {"plan": "Procesplan", "initiative": "fokus"}
    said = [line_of(model, own, object_repr="").what for model in (Plan, Initiative, PlanVersion)]
    assert said == ["Procesplan nr. 7", "Fokus nr. 7", "Version af procesplan"]
    assert line_of(Plan, object_repr="Handleplan 2027–2028").what == "Handleplan 2027–2028"


def test_a_line_names_changed_fields_and_never_their_values(db):
    line = line_of(Forum, object_repr="SSP+", changes={"name": ["gammelt", "nyt"], "tenant": ["1", "2"], "borte": ["a", "b"]})
    assert line.fields == "navn, et felt, der ikke findes længere"
    assert "gammelt" not in str(line)


# ---- what it costs ------------------------------------------------------------------------------------------------
def test_the_number_of_queries_does_not_follow_the_number_of_entries(visit, cast, opened):
    client = visit(cast.dpo)
    opened(cast.konsulent)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(PAGE).status_code == 200
        return len(found)

    queries()
    few = queries()
    opened(cast.konsulent, times=20)
    opened(cast.fnt, times=20)
    assert queries() == few
    assert few <= 18
