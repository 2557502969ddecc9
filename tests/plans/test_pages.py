"""Who sees which plan, and what the pages say."""

import pytest

from tests.plans.world import approved, url, waiting


@pytest.fixture
def plans(cast, as_actor):
    with as_actor(cast.konsulent):
        return {"approved": approved(), "waiting": waiting()}


@pytest.mark.parametrize("who", ["konsulent", "chef", "vpi", "fnt", "kontakt-klit", "elev", "natteravn"])
def test_every_member_reads_the_approved_plan(cast, visit, plans, who):
    response = visit(cast.users[who]).get(url(plans["approved"]))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Godkendt den 31. januar 2024 på Lokalråd" in page
    assert "Sunde fællesskaber" in page and "Afsatte ressourcer" in page


def test_the_head_of_an_approved_plan_names_who_approved_it(cast, visit, as_actor, plans):
    with as_actor(cast.konsulent):
        name = plans["approved"].versions.get().approved_by.name
    page = visit(cast.elev).get(url(plans["approved"])).content.decode()
    assert f"<span>{name}</span><span>version 1</span>" in page


@pytest.mark.parametrize("who", ["konsulent", "chef", "vpi", "fnt"])
def test_the_styregruppe_and_the_lokalraad_see_the_plan_that_waits(cast, visit, plans, who):
    assert visit(cast.users[who]).get(url(plans["waiting"])).status_code == 200
    assert plans["waiting"].title in visit(cast.users[who]).get("/thisted/handleplaner/").content.decode()


@pytest.mark.parametrize("who", ["kontakt-klit", "elev", "natteravn", "dpo", "it"])
@pytest.mark.parametrize("tail", ["", "plan.pdf", "forskel/", "rediger/", "godkend/"])
def test_everybody_else_gets_404_for_a_draft(cast, visit, plans, who, tail):
    assert visit(cast.users[who]).get(url(plans["waiting"], tail)).status_code == 404


@pytest.mark.parametrize("who", ["kontakt-klit", "elev", "dpo"])
def test_the_list_does_not_name_a_draft_to_others(cast, visit, plans, who):
    page = visit(cast.users[who]).get("/thisted/handleplaner/").content.decode()
    assert plans["approved"].title in page
    assert plans["waiting"].title not in page


def test_a_guest_who_is_no_member_sees_no_plan(cast, visit, plans):
    assert visit(cast.laerer).get(url(plans["approved"])).status_code == 404
    assert visit(cast.laerer).get("/thisted/handleplaner/").status_code == 404


def test_another_kommune_sees_neither(cast, visit, plans):
    for plan in plans.values():
        assert visit(cast.fnt).get(f"/morsoe/handleplaner/{plan.public_id}/").status_code == 404
    assert plans["approved"].title not in visit(cast.fnt).get("/morsoe/handleplaner/").content.decode()


def test_the_wall_hides_a_draft_from_raw_queries_too(cast, as_actor, plans):
    from plans.models import Initiative, Plan

    with as_actor(cast.users["kontakt-klit"]):
        assert list(Plan.objects.values_list("pk", flat=True)) == [plans["approved"].pk]
        assert not Initiative.objects.filter(plan_id=plans["waiting"].pk).exists()


@pytest.mark.parametrize("tail", ["rediger/", "ny-version/", "send/", "delmaal/", "indsatser/"])
def test_the_lokalraad_may_not_write(cast, visit, plans, tail):
    client = visit(cast.chef)
    assert client.post(url(plans["waiting"], tail)).status_code in (403, 404)
    assert "rediger" not in client.get(url(plans["waiting"])).content.decode()


def test_a_member_of_the_styregruppe_may_read_but_not_decide(cast, visit, plans):
    assert visit(cast.fnt).get(url(plans["waiting"], "godkend/")).status_code == 404


@pytest.mark.parametrize("key", ["../", "2222222222222x", "0", "ny%00"])
def test_a_wrong_id_is_404(cast, visit, key):
    assert visit(cast.konsulent).get(f"/thisted/handleplaner/{key}/").status_code == 404


def test_pages_stay_small(cast, visit, plans):
    client = visit(cast.konsulent)
    for page in (url(plans["approved"]), url(plans["waiting"], "forskel/"), "/thisted/handleplaner/"):
        assert len(client.get(page).content) < 40_000


def test_a_plan_whose_period_has_not_begun_is_not_in_force(cast, visit, as_actor, plans):
    from datetime import timedelta

    from django.utils import timezone

    from plans.models import Plan

    with as_actor(cast.konsulent):
        Plan.objects.filter(pk=plans["approved"].pk).update(period_from=timezone.localdate() + timedelta(days=33), period_to=timezone.localdate() + timedelta(days=700))
    html = visit(cast.elev).get("/thisted/handleplaner/").content.decode()
    assert "Begynder senere" in html and "I kraft" not in html


def test_a_file_name_keeps_its_letters_and_its_dash():
    from access.exports import named_file

    assert named_file("Mandat, § 115-møder", "pdf") == "mandat-115-moeder.pdf"
    assert named_file("Handleplan 2026–2028, version 1", "pdf") == "handleplan-2026-2028-version-1.pdf"
