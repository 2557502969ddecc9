"""The form of a forum's cadence: who gets it, what it saves, what it refuses."""

import re

import pytest

from municipalities.cadence_actions import ImpossibleCadenceError, set_cadence
from municipalities.models import Forum

EVERY = {"unit": "PER_YEAR", "number": "3", "qualifier": "MIN", "note": ""}


@pytest.fixture
def forum(cast, as_actor):
    """`forum("styregruppe")`: a forum as it stands in the database now."""

    def find(key):
        with as_actor(cast.konsulent):
            return Forum.objects.select_related("cadence_of").get(key=key, tenant__slug="thisted")

    return find


def address(forum):
    return f"/thisted/opsaetning/fora/{forum.public_id}/rytme/"


def cadence_of(forum):
    return {name: getattr(forum, f"cadence_{name}") for name in ("unit", "number", "qualifier", "extra", "months", "week_from", "week_to", "year_parity", "notice_days", "note")}


@pytest.mark.parametrize("who", ["konsulent", "chef", "dpo", "elev", "fnt"])
def test_only_who_sets_the_kommune_up_gets_the_form(visit, cast, forum, who):
    page = visit(cast.users[who])
    assert page.get(address(forum("styregruppe"))).status_code == 404
    assert page.post(address(forum("styregruppe")), EVERY).status_code == 404
    assert forum("styregruppe").cadence_qualifier == "MIN"


def test_the_administrator_sees_the_cadence_in_words_and_in_fields(visit, cast, forum):
    html = visit(cast.it).get(address(forum("ssp-plus"))).content.decode()
    assert "3 møder om året og 1 ad hoc" in html.replace("\u00a0", " ")
    assert html.count("<fieldset") >= 8 and html.count("<legend") == html.count("<fieldset")


def test_a_field_that_the_chosen_form_needs_is_not_called_optional(visit, cast, forum):
    labels = re.findall(r"<label for=.*?</label>", visit(cast.it).get(address(forum("styregruppe"))).content.decode(), re.S)
    (number,), (followed,), (extra,) = ([label for label in labels if word in label] for word in ("Antal", "Hvilket forum følger", "Ekstra"))
    assert "(valgfri)" not in number + followed and "medmindre datoen aftales på mødet" in number and "før eller efter" in followed
    assert "(valgfri)" in extra


def test_after_saving_the_page_says_what_it_means(visit, cast, forum):
    client, page = visit(cast.it), address(forum("styregruppe"))
    response = client.post(page, {**EVERY, "number": "1", "qualifier": "EXACTLY", "months": ["2"], "year_parity": "ODD", "notice_days": "14"}, follow=True)
    assert response.redirect_chain == [(page, 302)]
    assert "Rytmen er gemt: 1 møde i februar i ulige år, med 14 dages varsel." in response.content.decode().replace("\u00a0", " ")
    assert cadence_of(forum("styregruppe")) == {
        "unit": "PER_YEAR", "number": 1, "qualifier": "EXACTLY", "extra": 0, "months": [2], "week_from": None, "week_to": None, "year_parity": "ODD", "notice_days": 14, "note": "",
    }  # fmt: skip


def test_a_forum_can_follow_another(visit, cast, forum):
    client, steering = visit(cast.it), forum("styregruppe")
    client.post(address(forum("ssp-plus")), {"unit": "AFTER", "of": steering.public_id, "number": "3", "months": ["4"], "note": ""})
    changed = forum("ssp-plus")
    assert (changed.cadence_unit, changed.cadence_of_id, changed.cadence_number, changed.cadence_months) == ("AFTER", steering.pk, 0, [])
    page = client.get(f"/thisted/fora/{changed.public_id}/").content.decode().replace("\u00a0", " ")
    assert "efter hvert møde i SSP-styregruppe" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"unit": "WEEKS", "number": "0"}, "Skriv et tal fra 1 og op"),
        ({"unit": "WEEKS", "number": ""}, "Skriv et tal fra 1 og op"),
        ({"unit": "WEEKS", "number": "99999999999"}, "Her kan højst aftales 52"),
        ({"unit": "WEEKS", "number": "-1"}, "Skriv et tal fra 1 og op"),
        ({"extra": "99"}, "højst aftales 20 ekstra møder"),
        ({"unit": "WEEKS", "number": "tre"}, "tal"),
        ({"week_from": "60", "week_to": "61"}, "Den uge findes ikke"),
        ({"week_from": "40", "week_to": "20"}, "Den sidste uge ligger før den første"),
        ({"week_from": "4", "week_to": ""}, "Skriv både den første og den sidste uge"),
        ({"week_from": "4", "week_to": "8", "months": ["2"]}, "Vælg enten måneder eller uger"),
        ({"months": ["13"]}, "13"),
        ({"unit": "PER_YEAR", "number": "20", "months": ["1"]}, "plads til 5 møder, ét om ugen"),
        ({"unit": "PER_YEAR", "number": "8", "week_from": "2", "week_to": "8"}, "plads til 7 møder, ét om ugen"),
        ({"unit": "AFTER"}, "Vælg det forum"),
        ({"unit": "AFTER", "of": "nowhere"}, "Vælg et andet af kommunens fora"),
        ({"unit": "SOMETIMES"}, "SOMETIMES"),
        ({"unit": ""}, "Vælg, hvordan det er aftalt"),
        ({"note": "x" * 81}, "80"),
        ({"note": "010203-4567"}, "CPR"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(visit, cast, forum, change, sentence):
    before = cadence_of(forum("styregruppe"))
    response = visit(cast.it).post(address(forum("styregruppe")), {**EVERY, **change})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert cadence_of(forum("styregruppe")) == before


def test_a_forum_that_follows_itself_is_refused_with_a_sentence(visit, cast, forum):
    steering = forum("styregruppe")
    response = visit(cast.it).post(address(steering), {**EVERY, "unit": "BEFORE", "of": steering.public_id})
    assert response.status_code == 422 and "før eller efter sig selv" in response.content.decode()


def test_a_ring_is_refused_by_the_page_and_by_the_action(visit, cast, forum, as_actor):
    client, steering = visit(cast.it), forum("styregruppe")
    client.post(address(forum("ssp-plus")), {"unit": "AFTER", "of": steering.public_id})
    response = client.post(address(steering), {"unit": "AFTER", "of": forum("ssp-plus").public_id})
    assert response.status_code == 422 and "følger selv dette forum" in response.content.decode()
    follower = forum("ssp-plus")
    with as_actor(cast.it) as actor, pytest.raises(ImpossibleCadenceError):
        set_cadence(steering, actor=actor, cadence_unit="AFTER", cadence_of=follower)
    assert forum("styregruppe").cadence_unit == "PER_YEAR"


def test_an_open_forum_is_not_tied_to_the_closed_dates_of_another(visit, cast, forum):
    response = visit(cast.it).post(address(forum("ssp-plus")), {"unit": "AFTER", "of": forum("p115").public_id})
    assert response.status_code == 422 and "Kun medlemmerne kender datoerne" in response.content.decode()


def test_a_forum_of_another_kommune_is_not_there(visit, cast, forum):
    assert visit(cast.it).get(f"/morsoe/opsaetning/fora/{forum('styregruppe').public_id}/rytme/").status_code == 404


def test_the_action_asks_for_the_right(cast, forum, as_actor):
    from django.core.exceptions import PermissionDenied

    steering = forum("styregruppe")
    with as_actor(cast.konsulent) as actor, pytest.raises(PermissionDenied):
        set_cadence(steering, actor=actor, cadence_unit="NONE")
