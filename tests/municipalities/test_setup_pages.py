"""The set-up in the browser: every page, who may see it, what it refuses, two administrators at once."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from municipalities.models import Area, Forum, Level, MatrixCell, Organisation, PreventionLevel, Seat, Tenant, Trin

PAGES = ["", "niveauer/", "omraader/", "organisationer/", "forebyggelse/", "trin/", "navne/", "matrix/", "fora/", "fora/nyt/"]


def text_of(response):
    html = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.replace("\u00a0", " ").replace("\u2060", "").split())


def hidden(response, name="seen"):
    """The value of a hidden field of the page's form."""
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]


@pytest.fixture
def rows(as_actor, cast):
    """`rows(Model, name="…")`: a row of Thisted, read as the administrator."""

    def find(model, **key):
        with as_actor(cast.it):
            return model.objects.get(tenant__slug="thisted", **key)

    return find


@pytest.mark.parametrize("page", PAGES)
def test_the_administrator_alone_sees_the_set_up(visit, cast, page):
    assert visit(cast.it).get(f"/thisted/opsaetning/{page}").status_code == 200
    for other in (cast.konsulent, cast.chef, cast.vpi, cast.dpo, cast.elev):
        client = visit(other)
        assert client.get(f"/thisted/opsaetning/{page}").status_code == 404
        assert client.post(f"/thisted/opsaetning/{page}").status_code in (404, 405)


def test_the_menu_leads_there(visit, cast):
    assert "/thisted/opsaetning/" in visit(cast.it).get("/thisted/organisation/").content.decode()
    assert 'href="/thisted/opsaetning/"' not in visit(cast.konsulent).get("/thisted/organisation/").content.decode()


# ---- levels, areas, organisations, bands, trin -----------------------------------------------------------------------
def test_a_level_is_added_renamed_moved_and_removed(visit, cast, rows, as_actor):
    client, page = visit(cast.it), "/thisted/opsaetning/niveauer/"
    assert client.post(page, {"name": "Lokalt"}).status_code == 302
    level = rows(Level, name="Lokalt")
    edit = f"{page}{level.public_id}/"
    assert client.post(edit, {"name": "Helt lokalt", "seen": hidden(client.get(edit))}).status_code == 302
    assert client.post(f"{edit}flyt/", {"retning": "op"}).status_code == 302
    with as_actor(cast.it):
        names = list(Level.objects.filter(tenant__slug="thisted").order_by("order").values_list("name", flat=True))
    assert names == ["Politisk og strategisk", "Koordinerende", "Helt lokalt", "Udførende"]
    assert client.post(f"{edit}fjern/").status_code == 302
    with as_actor(cast.it):
        assert not Level.objects.filter(name="Helt lokalt").exists()


def test_moving_past_the_end_changes_nothing(visit, cast, rows, as_actor):
    first = rows(Level, order=1)
    visit(cast.it).post(f"/thisted/opsaetning/niveauer/{first.public_id}/flyt/", {"retning": "op"})
    assert rows(Level, order=1).pk == first.pk


def test_a_level_in_use_stays_and_the_page_says_by_whom(visit, cast, rows):
    level = rows(Level, name="Koordinerende")
    answer = visit(cast.it).post(f"/thisted/opsaetning/niveauer/{level.public_id}/fjern/")
    assert answer.status_code == 409
    assert "SSP-styregruppe" in text_of(answer)
    assert rows(Level, name="Koordinerende").pk == level.pk


def test_what_decides_who_may_read_is_chosen_and_never_left_as_it_stood(visit, cast, rows, good):
    client = visit(cast.it)
    answer = client.post("/thisted/opsaetning/organisationer/", {"name": "Opdigtede Natteravne"})
    assert answer.status_code == 422 and "Vælg typen." in text_of(answer) and "Vælg mærket." in text_of(answer)
    seats = f"fora/{rows(Forum, key='styregruppe').public_id}/pladser/"
    for page, named in (("organisationer/", "kind"), ("organisationer/", "mark"), ("fora/nyt/", "kind"), (f"{seats}ny/", "organisation")):
        box = re.search(rf'<select[^>]*name="{named}".*?</select>', client.get(f"/thisted/opsaetning/{page}").content.decode(), re.S)[0]
        chosen = re.findall(r'<option value="([^"]*)"([^>]*)>', box)
        assert chosen[0][0] == "" and not any("selected" in rest for value, rest in chosen if value), named
    answer = client.post("/thisted/opsaetning/fora/nyt/", {**good, "kind": ""})
    assert answer.status_code == 422 and "Vælg forummets art." in text_of(answer)
    there = f"/thisted/opsaetning/organisationer/{rows(Organisation, name='HUSET').public_id}/"
    assert 'value="municipal_social" selected' in client.get(there).content.decode() and "Vælg type" not in text_of(client.get(there))


def test_several_users_of_a_level_are_said_as_one_says_it(visit, cast, rows):
    level = rows(Level, name="Udførende")
    answer = visit(cast.it).post(f"/thisted/opsaetning/niveauer/{level.public_id}/fjern/")
    assert re.search(r"»Udførende« bruges af .+, .+, .+ og \d+ andre\. Ret det først\.", text_of(answer))


def test_a_name_that_is_there_is_refused_and_what_was_typed_stays(visit, cast):
    answer = visit(cast.it).post("/thisted/opsaetning/niveauer/", {"name": "  koordinerende "})
    assert answer.status_code == 422
    assert "allerede" in text_of(answer)
    assert 'value="  koordinerende "' in answer.content.decode() or "koordinerende" in answer.content.decode()


def test_an_area_cannot_be_a_part_of_itself(visit, cast, rows):
    north, place = rows(Area, name="Thy nord"), rows(Area, name="Klitmøller")
    client, edit = visit(cast.it), f"/thisted/opsaetning/omraader/{rows(Area, name='Thy nord').public_id}/"
    answer = client.post(edit, {"name": "Thy nord", "kind": "district", "parent": place.public_id, "seen": hidden(client.get(edit))})
    assert answer.status_code == 409
    assert "Et område kan ikke være en del af sig selv" in text_of(answer)
    assert rows(Area, name="Thy nord").parent_id == north.parent_id


def test_an_organisation_in_a_person_forum_cannot_become_private(visit, cast, as_actor, rows):
    with as_actor(cast.it):
        seat = Seat.objects.filter(forum__key="p115", tenant__slug="thisted", organisation__mark="social").select_related("organisation").first()
    client, edit = visit(cast.it), f"/thisted/opsaetning/organisationer/{seat.organisation.public_id}/"
    form = {"name": seat.organisation.name, "kind": "private", "mark": "social", "seen": hidden(client.get(edit))}
    answer = client.post(edit, form)
    assert answer.status_code == 409
    assert "§ 115" in text_of(answer)
    assert rows(Organisation, pk=seat.organisation_id).kind != "private"


def test_the_prevention_model_gets_another_shape(visit, cast):
    client = visit(cast.it)
    assert client.post("/thisted/opsaetning/forebyggelse/form/", {"shape": "trappe"}).status_code == 302
    assert Tenant.objects.get(slug="thisted").prevention_shape == "trappe"
    assert client.post("/thisted/opsaetning/forebyggelse/form/", {"shape": "kugle"}).status_code == 422


def test_the_bands_are_listed_and_moved_as_they_are_drawn(visit, cast, rows):
    """The highest stands on top, in the list as in the drawing; «up» is up."""
    client, page = visit(cast.it), "/thisted/opsaetning/forebyggelse/"

    def listed():
        html = client.get(page).content.decode()
        return re.findall(r'<th scope="row"><a class="t"[^>]*>([^<]+)<', html)

    before = listed()
    lowest = rows(PreventionLevel, name=before[-1])
    assert lowest.order < rows(PreventionLevel, name=before[0]).order
    client.post(f"{page}{lowest.public_id}/flyt/", {"retning": "op"})
    assert listed() == [*before[:-2], before[-1], before[-2]]


@pytest.mark.parametrize("number", ["-1", "100", "1,5"])
def test_a_trin_has_a_whole_number(visit, cast, number):
    answer = visit(cast.it).post("/thisted/opsaetning/trin/", {"number": number, "name": "Opdigtet"})
    assert answer.status_code == 422 and "Skriv et helt tal fra 0 til 99." in answer.content.decode()


def test_a_trin_is_handled_by_several_forums(visit, cast, as_actor, rows):
    client, page = visit(cast.it), "/thisted/opsaetning/trin/"
    with as_actor(cast.it):
        two = list(Forum.objects.filter(tenant__slug="thisted", key__in=["grundskole", "p115"]))
    form = {"number": 3, "name": "Tæt opfølgning", "description": "", "handled_by": [forum.public_id for forum in two]}
    assert client.post(page, form).status_code == 302
    trin = rows(Trin, number=3)
    with as_actor(cast.it):
        assert set(trin.forums.values_list("pk", flat=True)) == {forum.pk for forum in two}
    assert client.post(page, form).status_code == 422  # the number is taken


def test_two_administrators_at_once_do_not_overwrite_each_other(visit, cast, rows):
    client = visit(cast.it)
    edit = f"/thisted/opsaetning/niveauer/{rows(Level, name='Udførende').public_id}/"
    opened = hidden(client.get(edit))
    assert client.post(edit, {"name": "I marken", "seen": opened}).status_code == 302
    late = client.post(edit, {"name": "Lokalt", "seen": opened})
    assert late.status_code == 409
    assert "En anden har rettet" in text_of(late)
    assert 'value="Lokalt"' in late.content.decode()  # what was typed is not lost
    assert rows(Level, name="I marken")
    assert client.post(edit, {"name": "Lokalt", "seen": hidden(late)}).status_code == 302


def test_no_text_holds_a_cpr_number(visit, cast):
    answer = visit(cast.it).post("/thisted/opsaetning/forebyggelse/", {"name": "Nyt", "ssp_role": "Følger 010190-1234"})
    assert answer.status_code == 422


# ---- forums ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def good(rows):
    """A new forum, as the form sends it."""
    return {
        "name": "Ungeråd Øst", "level": rows(Level, name="Udførende").public_id, "kind": "NETVAERK", "ceiling": "INTERNAL", "convening": "ROLE", "chairing": "FIXED", "order": 5,
        "purpose": "Videndeling",
    }  # fmt: skip


def test_a_forum_is_created_below_another_and_changed(visit, cast, rows, good):
    client, parent = visit(cast.it), rows(Forum, key="styregruppe")
    assert client.post("/thisted/opsaetning/fora/nyt/", {**good, "parent": parent.public_id}).status_code == 302
    made = rows(Forum, key="ungeraad-oest")
    assert made.parent_id == parent.pk
    edit = f"/thisted/opsaetning/fora/{made.public_id}/ret/"
    assert client.post(edit, {**good, "name": "Ungeråd Vest", "convening": "ANY_MEMBER", "seen": hidden(client.get(edit))}).status_code == 302
    made = rows(Forum, key="ungeraad-oest")
    assert (made.name, made.convening, made.parent_id) == ("Ungeråd Vest", "ANY_MEMBER", None)
    assert "Ungeråd Vest" in text_of(client.get("/thisted/opsaetning/fora/"))


def test_a_forum_does_not_stand_above_itself(visit, cast, rows, good):
    client, top = visit(cast.it), rows(Forum, key="styregruppe")
    client.post("/thisted/opsaetning/fora/nyt/", {**good, "parent": top.public_id})
    below = rows(Forum, key="ungeraad-oest")
    edit = f"/thisted/opsaetning/fora/{top.public_id}/ret/"
    answer = client.post(edit, {**good, "name": top.name, "parent": below.public_id, "seen": hidden(client.get(edit))})
    assert answer.status_code == 422
    assert f"{below.name} står allerede under {top.name}. Et forum kan ikke stå over sig selv" in text_of(answer)
    assert rows(Forum, key="styregruppe").parent_id == top.parent_id


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "STYREGRUPPE", "ceiling": "PERSON_115"}, "behandler aldrig personoplysninger"),
        ({"kind": "INFOHUS", "ceiling": "INTERNAL"}, "Infohus"),
        ({"kind": "SAGSFORUM", "ceiling": "PERSON_115", "minutes_are_public": "on"}, "aldrig offentlige"),
        ({"active_from": "2027-05-01", "active_to": "2027-04-01"}, "Den sidste dag ligger før den første"),
        ({"level": "zzz"}, "Niveau"),
        ({"name": ""}, "Navn"),
        ({"name": "SSP\n\nVigtigt: https://evil.example/"}, "Skriv det på én linje"),
    ],
)
def test_a_forum_that_cannot_be_is_refused_with_a_sentence(visit, cast, good, wrong, said):
    answer = visit(cast.it).post("/thisted/opsaetning/fora/nyt/", {**good, **wrong})
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_two_forums_do_not_have_the_same_name(visit, cast, rows, good):
    client, steering = visit(cast.it), rows(Forum, key="styregruppe")
    answer = client.post("/thisted/opsaetning/fora/nyt/", {**good, "name": steering.name.upper()})
    assert answer.status_code == 409 and "Der er allerede en med dette navn" in text_of(answer)
    assert client.post("/thisted/opsaetning/fora/nyt/", good).status_code == 302
    edit = f"/thisted/opsaetning/fora/{rows(Forum, key='ungeraad-oest').public_id}/ret/"
    assert client.post(edit, {**good, "name": steering.name, "seen": hidden(client.get(edit))}).status_code == 409
    ended = {**good, "active_to": "2020-01-01", "seen": hidden(client.get(edit))}
    assert client.post(edit, ended).status_code == 302
    assert client.post("/thisted/opsaetning/fora/nyt/", good).status_code == 302, "a forum that has ended has left its name"


def test_a_forum_that_ends_takes_its_seats_with_it_and_is_shown_as_history(visit, cast, rows, as_actor):
    from datetime import timedelta

    from django.utils import timezone

    client, forum, gade = visit(cast.it), rows(Forum, key="p115"), visit(cast.gade)
    assert gade.get("/thisted/sager/").status_code == 200
    edit = f"/thisted/opsaetning/fora/{forum.public_id}/ret/"
    form = {"name": forum.name, "level": rows(Level, pk=forum.level_id).public_id, "convening": "ROLE", "chairing": "FIXED", "order": forum.order}
    last = timezone.localdate() - timedelta(days=1)
    assert client.post(edit, {**form, "active_to": last.isoformat(), "seen": hidden(client.get(edit))}).status_code == 302
    with as_actor(cast.it):
        assert not Seat.objects.current().filter(forum=forum).exists()
    assert gade.get("/thisted/sager/").status_code == 404
    assert "Er slut" in text_of(client.get("/thisted/opsaetning/fora/"))
    seat = client.post(f"/thisted/opsaetning/fora/{forum.public_id}/pladser/ny/", {"title": "Ny", "role": "MEMBER", "kind": "FIXED"})
    assert seat.status_code in (409, 422)


# ---- the matrix and the names ----------------------------------------------------------------------------------------
def test_the_matrix_is_written_and_members_read_it(visit, cast, rows):
    client, level, band = visit(cast.it), rows(Level, name="Udførende"), rows(PreventionLevel, name="Forebyggende")
    page, name = "/thisted/opsaetning/matrix/", f"c-{level.public_id}-{band.public_id}"
    opened = hidden(client.get(page))
    assert client.post(page, {name: "Klubberne følger op.", "seen": opened}).status_code == 302
    assert "Klubberne følger op." in text_of(visit(cast.elev).get("/thisted/organisation/matrix/"))
    late = client.post(page, {name: "Noget andet", "seen": opened})
    assert late.status_code == 409
    assert "Noget andet" in late.content.decode()
    assert rows(MatrixCell, level=level, prevention_level=band).text == "Klubberne følger op."
    assert visit(cast.laerer).get("/thisted/organisation/matrix/").status_code == 404


def test_an_emptied_cell_has_no_row(visit, cast, as_actor):
    client, page = visit(cast.it), "/thisted/opsaetning/matrix/"
    assert client.post(page, {"seen": hidden(client.get(page))}).status_code == 302
    with as_actor(cast.it):
        assert not MatrixCell.objects.filter(tenant__slug="thisted").exists()


# ---- what it costs ---------------------------------------------------------------------------------------------------
def test_the_lists_cost_the_same_with_few_and_many_rows(visit, cast, as_actor, rows):
    client = visit(cast.it)
    pages = ["/thisted/opsaetning/fora/", "/thisted/opsaetning/niveauer/", "/thisted/opsaetning/organisationer/", "/thisted/opsaetning/trin/", "/thisted/opsaetning/matrix/"]

    def queries(page):
        with CaptureQueriesContext(connection) as found:
            assert client.get(page).status_code == 200
        return len(found)

    for page in pages:
        queries(page)
    few = [queries(page) for page in pages]
    with as_actor(cast.it) as actor:
        from municipalities.actions import open_forum

        tenant = Tenant.objects.get(slug="thisted")
        level = Level.objects.filter(tenant=tenant).first()
        for number in range(8):
            Level.objects.create(tenant=tenant, name=f"Lag {number}", order=20 + number)
            Organisation.objects.create(tenant=tenant, name=f"Sted {number}", kind="municipal_other", mark="andre")
            Trin.objects.create(tenant=tenant, number=20 + number, name=f"Trin {number}")
            open_forum(tenant, actor=actor, level=level, key=f"f-{number}", name=f"Forum {number}", kind="ARBEJDSGRUPPE", ceiling="INTERNAL", order=50)
    assert [queries(page) for page in pages] == few
    assert max(few) <= 18


def test_a_presets_trin_scale_becomes_rows(cast, as_actor):
    from municipalities.presets import read_preset
    from municipalities.trin_preset import load_trin

    class Made:
        preset = {"trin": {"steps": [{"key": "a", "name": "Opmærksom"}, {"key": "b", "name": "Plan", "text": "Fælles plan"}]}}

    with as_actor(cast.it):
        Made.tenant = Tenant.objects.get(slug="thisted")
        Trin.objects.filter(tenant=Made.tenant).delete()
        load_trin(Made)
        assert list(Trin.objects.filter(tenant=Made.tenant).values_list("number", "name", "description")) == [(1, "Opmærksom", ""), (2, "Plan", "Fælles plan")]
    assert read_preset("fredericia")["trin"]["steps"] == []  # theirs to write


def test_changes_of_the_set_up_stand_in_the_log_in_plain_words(visit, cast, rows):
    client = visit(cast.it)
    edit = f"/thisted/opsaetning/niveauer/{rows(Level, name='Udførende').public_id}/"
    client.post(edit, {"name": "I marken", "seen": hidden(client.get(edit))})
    page = text_of(visit(cast.dpo).get("/thisted/adgangslog/"))
    assert "Niveau I marken" in page and "navn" in page


def test_other_forums_link_to_their_set_up_only_for_the_administrator(visit, cast, rows):
    forum = rows(Forum, key="styregruppe")
    link = f"/thisted/opsaetning/fora/{forum.public_id}/"
    assert link in visit(cast.it).get(f"/thisted/fora/{forum.public_id}/").content.decode()
    assert link not in visit(cast.konsulent).get(f"/thisted/fora/{forum.public_id}/").content.decode()


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+45", "-x", "@SUM(A1)"])
def test_a_name_that_a_spreadsheet_would_reckon_is_refused_as_the_import_refuses_it(visit, cast, rows, name):
    client = visit(cast.it)
    answer = client.post("/thisted/opsaetning/organisationer/", {"name": name, "kind": "municipal_other", "mark": "andre"})
    assert answer.status_code == 422 and "ligesom en formel" in text_of(answer)
    forum = client.post("/thisted/opsaetning/fora/nyt/", {"name": name, "level": rows(Level, name="Udførende").public_id, "kind": "NETVAERK", "ceiling": "INTERNAL"})
    assert forum.status_code == 422 and "ligesom en formel" in text_of(forum)


def test_who_places_on_the_trin_scale_is_written_by_the_administrator_and_read_by_all(visit, cast):
    client, page = visit(cast.it), "/thisted/opsaetning/trin/placering/"
    assert client.post(page, {"placed_by": "SSP-konsulenten 010203-1234"}).status_code == 422
    assert client.post(page, {"placed_by": "Netværket sammen"}).status_code == 302
    assert "Netværket sammen" in client.get("/thisted/opsaetning/trin/").content.decode()
    for who in (cast.elev, cast.chef):
        assert "hvilket trin en bekymring er på: Netværket sammen." in text_of(visit(who).get("/thisted/organisation/"))
        assert visit(who).post(page, {"placed_by": "x"}).status_code == 404
