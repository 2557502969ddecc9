"""School holidays: the usual ones of a year, and the pages that change them."""

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from municipalities.models import SchoolHoliday, Tenant
from municipalities.school_holidays import add_usual_holidays, usual_holidays

PAGE = "/thisted/opsaetning/ferier/"
GOOD = {"name": "Sommerlukket", "starts_on": "2030-07-01", "ends_on": "2030-07-20"}


def test_the_usual_holidays_of_a_year():
    with translation.override("da"):
        assert usual_holidays(2027) == [
            ("Vinterferie", date(2027, 2, 15), date(2027, 2, 19)), ("Påskeferie", date(2027, 3, 22), date(2027, 3, 29)), ("Sommerferie", date(2027, 6, 28), date(2027, 8, 13)),
            ("Efterårsferie", date(2027, 10, 18), date(2027, 10, 22)), ("Juleferie", date(2027, 12, 22), date(2028, 1, 2)),
        ]  # fmt: skip


@given(st.integers(2000, 2100))
def test_every_year_has_its_holidays_in_order(year):
    found = usual_holidays(year)
    assert len(found) == 5
    assert all(period.starts_on <= period.ends_on for period in found)
    assert [period.starts_on for period in found] == sorted(period.starts_on for period in found)
    assert found[1].starts_on.weekday() == found[1].ends_on.weekday() == 0


def rows(as_actor, user):
    with as_actor(user):
        return list(SchoolHoliday.objects.filter(tenant__slug="thisted").values_list("name", "starts_on"))


def test_adding_the_usual_ones_twice_changes_nothing(cast, as_actor):
    with as_actor(cast.it) as actor:
        tenant = Tenant.objects.get(slug="thisted")
        made = add_usual_holidays(tenant, 2040, actor=actor)
        assert len(made) == 5
        assert add_usual_holidays(tenant, 2040, actor=actor) == []


def test_a_holiday_of_the_kommunes_own_is_not_doubled(cast, as_actor):
    with as_actor(cast.it) as actor:
        tenant = Tenant.objects.get(slug="thisted")
        SchoolHoliday.objects.create(tenant=tenant, name="Sommer", starts_on=date(2040, 7, 1), ends_on=date(2040, 8, 10))
        assert len(add_usual_holidays(tenant, 2040, actor=actor)) == 4


def test_the_pages_add_change_and_remove(visit, cast, as_actor):
    client, before = visit(cast.it), rows(as_actor, cast.it)
    assert client.post(PAGE, GOOD).status_code == 302
    assert ("Sommerlukket", date(2030, 7, 1)) in rows(as_actor, cast.it)
    with as_actor(cast.it):
        made = SchoolHoliday.objects.get(name="Sommerlukket")
    assert client.get(f"{PAGE}{made.public_id}/").status_code == 200
    assert client.post(f"{PAGE}{made.public_id}/", {**GOOD, "name": "Lukkeuger"}).status_code == 302
    assert ("Lukkeuger", date(2030, 7, 1)) in rows(as_actor, cast.it)
    client.post(f"{PAGE}{made.public_id}/fjern/")
    assert rows(as_actor, cast.it) == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ends_on": "2030-06-01"}, "ligger før den første"), ({"ends_on": "2031-07-01"}, "højst 100 dage"), ({"starts_on": "i går"}, "dato"), ({"name": ""}, "Skriv navnet"),
        ({"starts_on": "0001-01-01"}, "2000"), ({"name": "x" * 61}, "60"), ({"name": "010203-4567"}, "CPR"),
    ],
)  # fmt: skip
def test_bad_input_is_said_and_not_saved(visit, cast, as_actor, change, sentence):
    before = rows(as_actor, cast.it)
    response = visit(cast.it).post(PAGE, {**GOOD, **change})
    assert response.status_code == 422 and sentence in response.content.decode()
    assert rows(as_actor, cast.it) == before


def test_the_same_holiday_twice_is_refused(visit, cast):
    client = visit(cast.it)
    client.post(PAGE, GOOD)
    response = client.post(PAGE, GOOD)
    assert response.status_code == 422 and "er her allerede" in response.content.decode()


@pytest.mark.parametrize("year", ["", "1999", "x"])
def test_the_usual_ones_are_for_this_year_or_the_next_two(visit, cast, as_actor, year):
    before = rows(as_actor, cast.it)
    assert visit(cast.it).post(f"{PAGE}saedvanlige/", {"year": year}).status_code == 422
    assert rows(as_actor, cast.it) == before


@pytest.mark.parametrize("who", ["konsulent", "chef", "dpo", "elev"])
def test_the_pages_are_for_who_sets_the_kommune_up(visit, cast, as_actor, who):
    client = visit(cast.users[who])
    assert {client.get(PAGE).status_code, client.post(PAGE, GOOD).status_code, client.post(f"{PAGE}saedvanlige/", {"year": "2026"}).status_code} == {404}


def test_the_database_itself_keeps_holidays_for_who_may_manage(cast, as_actor):
    from django.db import DatabaseError, transaction

    with as_actor(cast.konsulent), pytest.raises(DatabaseError), transaction.atomic():
        SchoolHoliday.objects.create(tenant=Tenant.objects.get(slug="thisted"), name="x", starts_on=date(2030, 1, 1), ends_on=date(2030, 1, 2))


def test_a_holiday_of_another_kommune_is_not_there(visit, cast, as_actor):
    with as_actor(cast.fnt, "morsoe"):
        foreign = SchoolHoliday.objects.filter(tenant__slug="morsoe").first()
    assert foreign is not None
    assert visit(cast.it).get(f"{PAGE}{foreign.public_id}/").status_code == 404
