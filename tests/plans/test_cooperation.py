"""The samarbejdsplan: draft, discussed, published; read in the kommuner, and by everybody on a page that knows no user."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from access.actor import Actor
from access.models import LogEntry
from municipalities.models import Tenant
from plans import cooperation
from plans.actions import PlanStateError
from plans.models import CooperationPlan, CooperationVersion
from tests.conftest import acting, make_client
from tests.rules.crawl import readable

pytestmark = pytest.mark.django_db
KREDS = "midt-og-vestjylland"
YEAR = date.today().year
PUBLIC = f"/offentlig/{KREDS}/samarbejdsplan"


@pytest.fixture
def secretary(cast, as_actor):
    with as_actor(cast.kredssekretaer, KREDS) as actor:
        yield actor


def draft(actor):
    return CooperationPlan.objects.select_related("forum", "tenant").get(year=YEAR + 1, tenant_id=actor.tenant_id)


def held(actor):
    from meetings.models import Meeting

    return Meeting.objects.get(forum__kind="KREDSRAAD", tenant_id=actor.tenant_id, status="APPROVED")


def write(plan, actor, text="Nye emner"):
    return cooperation.write_cooperation_plan(plan, [{"heading": "Emner", "text": text}], actor=actor, seen=cooperation.version_of(plan))


def last_changed(plan, day):
    """As if the text had stood since that day."""
    CooperationPlan.objects.filter(pk=plan.pk).update(written_at=day)
    return plan


# ---- the way --------------------------------------------------------------------------------------------------------
def test_draft_discussed_published_and_the_next_version(secretary):
    plan = last_changed(write(draft(secretary), secretary), held(secretary).starts_at)
    cooperation.note_discussed(plan, held(secretary), actor=secretary)
    version = cooperation.publish_cooperation_plan(plan, actor=secretary)
    assert (version.number, version.content["sections"]) == (1, [{"heading": "Emner", "text": "Nye emner"}])
    with pytest.raises(PlanStateError):
        write(draft(secretary), secretary, "for sent")
    cooperation.reopen_cooperation_plan(plan, actor=secretary)
    assert draft(secretary).number == 2
    assert CooperationVersion.objects.filter(plan=plan).count() == 1


def test_what_is_changed_after_the_discussion_must_be_discussed_again(secretary):
    plan = last_changed(write(draft(secretary), secretary), held(secretary).starts_at)
    cooperation.note_discussed(plan, held(secretary), actor=secretary)
    plan = write(draft(secretary), secretary, "Noget andet")
    assert (plan.status, plan.discussed_on) == ("DRAFT", None)
    with pytest.raises(PlanStateError, match="siden teksten sidst blev ændret"):
        cooperation.note_discussed(plan, held(secretary), actor=secretary)
    with pytest.raises(PlanStateError):
        cooperation.publish_cooperation_plan(plan, actor=secretary)


def test_a_meeting_is_over_when_it_was_closed_before_its_time(secretary):
    from meetings.models import Meeting

    plan, meeting = draft(secretary), held(secretary)
    planned = meeting.ends_at
    for closed, is_offered in ((planned - timedelta(minutes=20), False), (planned + timedelta(hours=20), True)):
        Meeting.objects.filter(pk=meeting.pk).update(closed_at=closed)
        last_changed(plan, planned - timedelta(minutes=10))
        found = cooperation.meetings_to_choose(draft(secretary))
        assert found.filter(pk=meeting.pk).exists() is is_offered


def test_an_empty_plan_or_a_meeting_that_has_not_been_held_is_refused(secretary):
    from meetings.models import Meeting

    plan = draft(secretary)
    coming = Meeting.objects.get(forum__kind="KREDSRAAD", status="CALLED")
    with pytest.raises(PlanStateError, match="er holdt"):
        cooperation.note_discussed(plan, coming, actor=secretary)
    plan = cooperation.write_cooperation_plan(plan, [{"heading": "Emner", "text": " "}], actor=secretary, seen=cooperation.version_of(plan))
    with pytest.raises(PlanStateError, match="tom"):
        cooperation.note_discussed(plan, held(secretary), actor=secretary)


def test_two_people_writing_at_once(secretary):
    plan = draft(secretary)
    seen = cooperation.version_of(plan)
    write(plan, secretary)
    with pytest.raises(PlanStateError, match="En anden har ændret planen"):
        cooperation.write_cooperation_plan(plan, [], actor=secretary, seen=seen)


def test_a_year_is_begun_once(cast, visit):
    client = visit(cast.kredssekretaer)
    assert client.post(f"/{KREDS}/samarbejdsplan/ny/", {"year": str(YEAR)}).status_code == 422
    assert client.post(f"/{KREDS}/samarbejdsplan/ny/", {"year": "x"}).status_code == 422


def test_a_published_text_is_written_once(secretary):
    version = CooperationVersion.objects.get(year=YEAR)
    assert CooperationVersion.objects.filter(pk=version.pk).update(content={"sections": []}) == 0
    assert CooperationVersion.objects.filter(pk=version.pk).delete()[0] == 0


# ---- pages ----------------------------------------------------------------------------------------------------------
def test_the_secretary_writes_discusses_and_publishes_in_the_browser(cast, visit, as_actor):
    client, desk = visit(cast.kredssekretaer), f"/{KREDS}/samarbejdsplan/{YEAR + 1}/rediger/"
    seen = client.get(desk).context["form"]["seen"].value()
    assert client.post(desk, {"seen": seen, "heading_0": "", "text_0": "uden overskrift"}).status_code == 422
    assert client.post(desk, {"seen": seen, "heading_0": "Emner", "text_0": "CPR 010203-1234"}).status_code == 422
    assert client.post(desk, {"seen": seen, "heading_0": "Emner", "text_0": "Færre emner"}).status_code == 302
    assert client.post(desk, {"seen": seen, "heading_0": "Emner", "text_0": "Færre"}).status_code == 409
    step = f"/{KREDS}/samarbejdsplan/{YEAR + 1}/trin/"
    assert client.post(step, {"step": "publish"}).status_code == 409
    assert client.post(step, {"step": "discussed", "meeting": "x"}).status_code == 422
    with as_actor(cast.kredssekretaer, KREDS) as actor:
        meeting = held(actor).public_id
    assert client.post(step, {"step": "discussed", "meeting": meeting}).status_code == 422
    assert "har ikke holdt møde, siden teksten sidst blev ændret" in readable(client.get(desk))
    with as_actor(cast.kredssekretaer, KREDS) as actor:
        last_changed(draft(actor), held(actor).starts_at)
    assert client.post(step, {"step": "discussed", "meeting": meeting}).status_code == 302
    assert "kan læse den nu" in readable(client.post(step, {"step": "publish"}, follow=True))
    assert "Færre emner" in readable(make_client().get(f"{PUBLIC}/{YEAR + 1}/"))


def test_a_kommune_of_the_kreds_reads_what_is_published_and_no_draft(cast, visit):
    client = visit(cast.elev)
    assert f"Samarbejdsplan {YEAR}" in readable(client.get("/thisted/samarbejdsplan/"))
    assert "Årets fælles emner" in readable(client.get(f"/thisted/samarbejdsplan/{YEAR}/"))
    assert client.get(f"/thisted/samarbejdsplan/{YEAR + 1}/").status_code == 404
    assert client.get(f"/thisted/samarbejdsplan/{YEAR}/rediger/").status_code == 404
    assert readable(client.get(f"/thisted/samarbejdsplan/{YEAR}/plan.pdf")).count("Årets fælles emner") == 1


@pytest.mark.parametrize("role", ["borgmester-thisted"])
def test_a_mayor_reads_and_does_not_write(cast, visit, role):
    client = visit(cast.users[role])
    assert client.get(f"/{KREDS}/samarbejdsplan/").status_code == 200
    assert client.get(f"/{KREDS}/samarbejdsplan/{YEAR + 1}/rediger/").status_code == 404
    assert client.post(f"/{KREDS}/samarbejdsplan/{YEAR + 1}/trin/", {"step": "publish"}).status_code == 404


def test_a_konsulent_of_a_kommune_cannot_write_it(cast, visit):
    assert visit(cast.konsulent).get(f"/thisted/samarbejdsplan/{YEAR}/rediger/").status_code == 404
    assert visit(cast.konsulent).post("/thisted/samarbejdsplan/ny/", {"year": str(YEAR + 1)}).status_code == 404


def test_a_missing_year_is_warned_about(cast, visit, time_machine):
    time_machine.move_to(date(YEAR + 2, 3, 1), tick=False)
    client = visit(cast.kredssekretaer)
    assert f"Samarbejdsplanen for {YEAR + 2} er ikke offentliggjort endnu" in readable(client.get(f"/{KREDS}/samarbejdsplan/"))
    assert f"Samarbejdsplanen for {YEAR + 2}" in readable(client.get(f"/{KREDS}/"))


def test_nobody_is_warned_when_it_is_published(cast, visit):
    assert "ikke offentliggjort" not in readable(visit(cast.kredssekretaer).get(f"/{KREDS}/samarbejdsplan/"))


# ---- without a login ------------------------------------------------------------------------------------------------
def test_the_public_page_needs_no_login_sets_no_cookie_and_may_be_kept(db):
    response = make_client().get(f"{PUBLIC}/{YEAR}/")
    assert response.status_code == 200
    assert "Årets fælles emner" in readable(response)
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "<script" not in response.content.decode()
    assert "<form" not in response.content.decode()


def test_the_public_document_is_laid_out_once(db, monkeypatch):
    from plans import cooperation_views

    first = make_client().get(f"{PUBLIC}/{YEAR}/plan.pdf")
    assert first.content.startswith(b"%PDF")
    monkeypatch.setattr(cooperation_views, "render_pdf", lambda *args: pytest.fail("laid out twice"))
    assert make_client().get(f"{PUBLIC}/{YEAR}/plan.pdf").content == first.content


@pytest.mark.parametrize(
    "address",
    [
        f"{PUBLIC}/{YEAR + 1}/", f"{PUBLIC}/{YEAR - 9}/", f"{PUBLIC}/99999999999999999999/",
        f"/offentlig/thisted/samarbejdsplan/{YEAR}/", f"/offentlig/nowhere/samarbejdsplan/{YEAR}/",
    ],
)  # fmt: skip
def test_what_is_not_published_is_not_there(db, address):
    assert make_client(raise_request_exception=False).get(address).status_code == 404
    assert make_client(raise_request_exception=False).get(f"{address}plan.pdf").status_code == 404


def test_a_logged_in_person_sees_the_same_public_page(cast, visit):
    assert visit(cast.konsulent).get(f"{PUBLIC}/{YEAR}/").content == make_client().get(f"{PUBLIC}/{YEAR}/").content


def test_the_public_context_shows_published_texts_and_not_one_other_row(db):
    """A context that names the tenant in a wall of its own and no user: every other table of a tenant is empty in it."""
    tenant = Tenant.objects.get(slug=KREDS)
    with acting(Actor(public_tenant_id=tenant.pk)):
        assert CooperationVersion.objects.count() == 1
        for model in apps.get_models():
            if model not in (CooperationVersion, LogEntry) and any(field.attname == "tenant_id" for field in model._meta.concrete_fields):
                assert not model._default_manager.exists(), model
        version = CooperationVersion.objects.get()
        version.pk = None
        with pytest.raises(DatabaseError), transaction.atomic():
            version.save(force_insert=True)
    for slug in ("thisted", "morsoe"):
        with acting(Actor(public_tenant_id=Tenant.objects.get(slug=slug).pk)):
            assert not CooperationVersion.objects.exists()
