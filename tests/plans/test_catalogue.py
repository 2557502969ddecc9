"""The catalogue on the prevention model: several steps, who may write, bad input, and a Halsnæs on its first day."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from municipalities.models import PreventionLevel, SparringDoor
from plans import catalogue
from plans.models import CatalogueEntry, CatalogueEntryLevel
from tests.rules.crawl import readable

pytestmark = pytest.mark.django_db
BASE = "/thisted/katalog"
GIVEN = {"title": "Natteravne", "description": "Voksne går ture i nattelivet.", "grades": "", "material": "", "responsible": "", "review_on": ""}


def bands():
    return list(PreventionLevel.objects.order_by("order"))


def test_every_member_sees_each_step_and_an_entry_on_several(cast, visit, as_actor):
    response = visit(cast.elev).get(f"{BASE}/")
    page = readable(response)
    assert page.count("Gademedarbejder") >= 2
    assert 'role="img"' in page
    assert "Tilføj indsats" not in page
    with as_actor(cast.elev) as actor:
        steps = catalogue.steps_of(actor.tenant_id)
    assert [len(step.entries) for step in steps] == [2, 2, 2]


@pytest.mark.parametrize("role", ["konsulent", "it"])
def test_who_writes_plans_or_sets_up_the_kommune_writes_it(cast, visit, as_actor, role):
    with as_actor(cast.users[role]):
        levels = [level.pk for level in bands()[:2]]
    assert visit(cast.users[role]).post(f"{BASE}/ny/", {**GIVEN, "levels": levels}).status_code == 302
    with as_actor(cast.elev):
        entry = CatalogueEntry.objects.get(title="Natteravne")
        assert [level.pk for level in entry.levels.order_by("order")] == levels
    page = visit(cast.users[role]).post(f"{BASE}/{entry.public_id}/rediger/", {**GIVEN, "title": "Natteravnene", "levels": levels[1:]}, follow=True)
    assert "Natteravnene" in readable(page)
    with as_actor(cast.elev):
        assert CatalogueEntryLevel.objects.filter(entry=entry).count() == 1
    assert visit(cast.users[role]).post(f"{BASE}/{entry.public_id}/slet/").status_code == 302
    with as_actor(cast.elev):
        assert not CatalogueEntry.objects.filter(pk=entry.pk).exists()


@pytest.mark.parametrize("role", ["elev", "kontakt-hede", "dpo", "gade", "vpi"])
def test_others_read_only(cast, visit, as_actor, role):
    with as_actor(cast.users[role]) as actor:
        entry = CatalogueEntry.objects.first()
        assert CatalogueEntry.objects.filter(pk=entry.pk).update(title="x") == 0
        with pytest.raises(PermissionDenied):
            catalogue.remove_entry(entry, actor=actor)
        with pytest.raises(DatabaseError), transaction.atomic():
            CatalogueEntry.objects.create(tenant_id=actor.tenant_id, title="y")
    client = visit(cast.users[role])
    assert client.get(f"{BASE}/ny/").status_code == 404
    assert client.post(f"{BASE}/{entry.public_id}/rediger/", GIVEN).status_code == 404
    assert client.post(f"{BASE}/{entry.public_id}/slet/").status_code == 404


@pytest.mark.parametrize(
    "data", [{"title": ""}, {"title": "social pejling"}, {"description": "010203-1234"}, {"review_on": "i morgen"}, {"levels": ["999999"]}, {"title": "x" * 121}, {"levels": ["x"]}]
)
def test_bad_input_is_said_and_nothing_is_saved(cast, visit, as_actor, data):
    response = visit(cast.konsulent).post(f"{BASE}/ny/", {**GIVEN, **data})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    with as_actor(cast.elev):
        assert CatalogueEntry.objects.count() == 4


def test_a_step_of_another_kommune_cannot_be_chosen(cast, visit, as_actor):
    with as_actor(cast.fnt, "morsoe"):
        foreign = bands()[0].pk
    assert visit(cast.konsulent).post(f"{BASE}/ny/", {**GIVEN, "levels": [foreign]}).status_code == 422


def test_thirty_entries_cost_the_same(cast, visit, as_actor, django_assert_max_num_queries):
    with as_actor(cast.konsulent) as actor:
        for number in range(30):
            values = dict.fromkeys(("description", "grades", "material", "responsible"), "") | {"title": f"Indsats {number}", "review_on": None}
            catalogue.save_entry(None, actor=actor, levels=bands(), **values)
    client = visit(cast.konsulent)
    with django_assert_max_num_queries(11):
        assert readable(client.get(f"{BASE}/")).count("Indsats 29") >= 3


def test_what_is_to_be_looked_through_stands_on_min_uge_of_those_who_write(cast, visit, as_actor):
    from datetime import timedelta

    from django.utils import timezone

    today = timezone.localdate()
    with as_actor(cast.konsulent):
        entries = list(CatalogueEntry.objects.order_by("title")[:2])
        for entry, days in zip(entries, (-1, 1), strict=True):
            CatalogueEntry.objects.filter(pk=entry.pk).update(review_on=today + timedelta(days=days))
    page = visit(cast.konsulent).get("/thisted/")
    assert f"/katalog/{entries[0].public_id}/rediger/" in page.content.decode()
    assert f"/katalog/{entries[1].public_id}/rediger/" not in page.content.decode()
    assert "Kataloget: se igennem" not in readable(visit(cast.gade).get("/thisted/"))


def test_halsnaes_has_its_staircase_catalogue_and_door_on_the_first_day(db):
    from access.context import write_context
    from municipalities.presets import NOBODY, make_tenant, read_preset

    made = make_tenant(read_preset("halsnaes"))
    steps = catalogue.steps_of(made.tenant.pk)
    titles = [{entry.title for entry in step.entries} for step in steps]
    door = SparringDoor.objects.get(tenant=made.tenant)
    shape = catalogue.shape_of(made.tenant.pk)
    write_context(NOBODY)
    assert (shape, len(steps)) == ("trappe", 3)
    assert all("Gadeteam" in found for found in titles[1:])
    assert (len(door.step_lines), door.holder) == (5, None)
    made.tenant.refresh_from_db()
    assert made.tenant.has_sparring_door
