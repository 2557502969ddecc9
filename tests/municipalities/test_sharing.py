"""What a kommune shares with its politikreds, who may, what the database refuses, and what the politikreds sees: copies, nothing else."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from municipalities import sharing
from municipalities.models import Release, Tenant
from reports.models import Report
from reports.periods import HalfYear, ended_half_years
from tests.conftest import make_client
from tests.rules.crawl import addresses, canaries, other_texts, readable, tenant_routes

pytestmark = pytest.mark.django_db
KREDS = "/midt-og-vestjylland"
LAST = ended_half_years()[0]


def release(kind="PLAN", slug="thisted"):
    return Release.objects.filter(kind=kind, tenant__slug=slug, withdrawn_at=None).first()


@pytest.fixture
def reported(cast, as_actor):
    """`reported(half_year)`: a finished report of Thisted with figures."""

    def make(half_year):
        from municipalities.models import Forum
        from reports.figures import read_figures

        with as_actor(cast.konsulent) as actor:
            forum = Forum.objects.get(kind="LOKALRAAD", tenant=actor.tenant_id)
            figures = read_figures(actor, half_year)
            return Report.objects.create(
                tenant_id=actor.tenant_id, forum=forum, audience=forum, period_from=half_year.first_day, period_to=half_year.last_day,
                ordered_by=cast.konsulent, status="DONE", figures=figures,
            )  # fmt: skip

    return make


# ---- in the kommune -------------------------------------------------------------------------------------------------
def test_the_kommune_sees_what_it_shares(cast, visit):
    page = readable(visit(cast.elev).get("/thisted/deling/"))
    assert "Delt med politikredsen" in page
    assert "Mødedatoer" in page
    assert "Del mere" not in page


def test_who_writes_plans_shares_one_and_a_newer_one_takes_its_place(cast, visit, as_actor):
    from plans.models import Plan

    with as_actor(cast.konsulent):
        old = release()
        key = Plan.objects.get(title=old.title, status="APPROVED").public_id
    response = visit(cast.konsulent).post("/thisted/deling/del/", {"kind": "PLAN", "key": key}, follow=True)
    assert "er delt med politikredsen" in readable(response)
    with as_actor(cast.konsulent):
        rows = list(Release.objects.filter(kind="PLAN", source=old.source, period_from=old.period_from).order_by("pk"))
        assert [row.is_live for row in rows] == [False, True]


def test_what_the_politikreds_has_already_is_not_offered_again(cast, visit, as_actor):
    with as_actor(cast.konsulent) as actor:
        before = {(offer.kind, offer.key) for offer in sharing.offers(actor)}
        assert ("DATES", str(release("DATES").period_from.year)) not in before
        sharing.withdraw(release("PLAN"), actor=actor)
        offered = [offer for offer in sharing.offers(actor) if offer.kind == "PLAN"]
        assert len(offered) == 1 and ("PLAN", offered[0].key) not in before
        sharing.share("PLAN", offered[0].key, actor=actor)
        assert not [offer for offer in sharing.offers(actor) if offer.kind == "PLAN"]


@pytest.mark.parametrize(("kind", "key"), [("PLAN", "zzzzzzzzzzzzzz"), ("PLAN", "x\x00"), ("DATES", "1999"), ("NOTHING", "1"), ("", "")])
def test_what_is_not_there_cannot_be_shared(cast, visit, kind, key):
    assert visit(cast.konsulent).post("/thisted/deling/del/", {"kind": kind, "key": key}).status_code == 404


def test_a_draft_cannot_be_shared(cast, visit, as_actor):
    from plans.models import Plan

    with as_actor(cast.konsulent):
        draft = Plan.objects.exclude(status="APPROVED").first()
    response = visit(cast.konsulent).post("/thisted/deling/del/", {"kind": "PLAN", "key": draft.public_id})
    assert response.status_code == 409
    assert "Kun en godkendt plan kan deles" in readable(response)


@pytest.mark.parametrize("role", ["elev", "kontakt-hede", "dpo", "it", "gade"])
def test_others_share_nothing_and_take_nothing_back(cast, visit, as_actor, role):
    with as_actor(cast.konsulent):
        found = release("DATES")
    client = visit(cast.users[role])
    year = str(date.today().year)
    assert client.post("/thisted/deling/del/", {"kind": "DATES", "key": year}).status_code == 403
    assert client.post("/thisted/deling/del/", {"kind": "FIGURES", "key": LAST.before.key}).status_code == 403
    assert client.post(f"/thisted/deling/{found.public_id}/tag-tilbage/").status_code == 403


def test_only_the_chair_of_the_lokalraad_shares_figures(cast, visit, reported):
    reported(LAST.before)
    assert visit(cast.konsulent).post("/thisted/deling/del/", {"kind": "FIGURES", "key": LAST.before.key}).status_code == 403
    assert visit(cast.vpi).post("/thisted/deling/del/", {"kind": "FIGURES", "key": LAST.before.key}).status_code == 302


def test_figures_are_shared_once_for_all_and_stay_suppressed(cast, visit, reported, as_actor):
    report = reported(LAST.before)
    client = visit(cast.vpi)
    client.post("/thisted/deling/del/", {"kind": "FIGURES", "key": LAST.before.key})
    with as_actor(cast.vpi):
        shared = Release.objects.get(kind="FIGURES", period_from=LAST.before.first_day)
        levels = {label[0]: values[0] for label, values in shared.payload["tables"][0]["rows"] if label[0].isdigit()}
        assert levels == {row["cell"]: row["persons"] for row in report.figures["young_by_level"] if row["cell"] != "total"}
    assert client.post(f"/thisted/deling/{shared.public_id}/tag-tilbage/").status_code == 302
    again = client.post("/thisted/deling/del/", {"kind": "FIGURES", "key": LAST.before.key})
    assert again.status_code == 409
    assert "kun delt én gang" in readable(again)
    assert client.post(f"/thisted/deling/{shared.public_id}/tag-tilbage/").status_code == 409


@pytest.mark.parametrize("key", [HalfYear.of(date.today()).key, "2026", "x", "2026-3"])
def test_a_half_year_that_runs_is_refused(cast, visit, key):
    assert visit(cast.vpi).post("/thisted/deling/del/", {"kind": "FIGURES", "key": key}).status_code == 409


def test_the_number_of_case_meetings_does_not_leave_the_kommune(cast, as_actor, reported):
    from reports.sharing import figures_snapshot, open_forums

    report = reported(LAST.before)
    with as_actor(cast.vpi) as actor:
        snapshot = figures_snapshot(LAST.before, report.figures, open_forums(actor))
    assert not any("115" in str(row) for row in snapshot.content["tables"][2]["rows"])


# ---- the database ---------------------------------------------------------------------------------------------------
def row(actor, **values):
    half = {"period_from": LAST.before.before.first_day, "period_to": LAST.before.before.last_day}
    return Release(**{"tenant_id": actor.tenant_id, "kind": "FIGURES", "title": "x", "payload": {"summary": {}}, "released_by_id": actor.user_id, **half, **values})


@pytest.mark.parametrize(
    ("role", "values"),
    [
        ("konsulent", {}),  # not the chair
        ("vpi", {"period_from": HalfYear.of(date.today()).first_day, "period_to": HalfYear.of(date.today()).last_day}),  # still runs
        ("vpi", {"period_from": date(2024, 2, 1), "period_to": date(2024, 7, 31)}),  # shifted
        ("vpi", {"period_from": LAST.first_day, "period_to": LAST.last_day}),  # shared already by the demo
        ("elev", {"kind": "DATES"}),
        ("elev", {"kind": "PLAN"}),
    ],
)
def test_the_database_refuses_what_the_page_would(cast, as_actor, role, values):
    with as_actor(cast.users[role]) as actor, pytest.raises(DatabaseError), transaction.atomic():
        row(actor, **values).save()


def test_nothing_of_a_share_changes_but_that_it_is_withdrawn(cast, as_actor):
    with as_actor(cast.vpi):
        found = Release.objects.get(kind="FIGURES")
        for change in ({"title": "y"}, {"payload": {"summary": {"young": 1}}}, {"period_to": date(2020, 1, 1)}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Release.objects.filter(pk=found.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Release.objects.filter(pk=found.pk).delete()
    with as_actor(cast.elev):
        assert Release.objects.filter(pk=found.pk).update(withdrawn_at=found.released_at) == 0


# ---- in the politikreds ---------------------------------------------------------------------------------------------
def test_the_secretary_sees_the_kommuner_side_by_side(cast, visit):
    page = readable(visit(cast.kredssekretaer).get(f"{KREDS}/kommuner/"))
    assert "Thisted" in page
    assert "Morsø" in page
    assert "ikke delt" in page


def test_a_share_that_is_taken_back_is_gone(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        found = release("DATES")
    address = f"{KREDS}/kommuner/{found.public_id}/"
    client = visit(cast.kredssekretaer)
    assert client.get(address).status_code == 200
    visit(cast.konsulent).post(f"/thisted/deling/{found.public_id}/tag-tilbage/")
    assert client.get(address).status_code == 404


def test_the_pages_are_only_where_they_belong(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        found = release("DATES")
    assert visit(cast.konsulent).get("/thisted/kommuner/").status_code == 404
    assert visit(cast.konsulent).get(f"/thisted/kommuner/{found.public_id}/").status_code == 404
    assert visit(cast.kredssekretaer).get(f"{KREDS}/deling/").status_code == 404
    assert visit(cast.konsulent).get(f"{KREDS}/kommuner/").status_code == 404


def test_another_kommune_of_the_kreds_sees_no_share(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        found = release("DATES")
    with as_actor(cast.fnt, "morsoe") as actor:
        assert set(Release.objects.values_list("tenant_id", flat=True)) <= {actor.tenant_id}
    assert visit(cast.fnt).get(f"/morsoe/deling/{found.public_id}/").status_code == 404


@pytest.mark.parametrize("role", ["kredssekretaer", "borgmester-thisted", "politidirektoer"])
def test_the_kreds_never_reads_a_kommune(cast, as_actor, role):
    """Row security, table by table: in the context of the politikreds no row of a kommune but its live releases."""
    from django.apps import apps

    from access.models import LogEntry

    with as_actor(cast.users[role], "midt-og-vestjylland") as actor:
        for model in apps.get_models():
            if model is LogEntry or not any(field.attname == "tenant_id" for field in model._meta.concrete_fields):
                continue
            seen = model._default_manager.exclude(tenant_id=actor.tenant_id)
            if model is Release:
                assert seen.exists()
                assert not seen.exclude(withdrawn_at=None).exists()
            elif model.__name__ in ("Seat", "Appointment"):  # one's own in other kommuner: how one changes between them
                assert not seen.exclude(user_id=actor.user_id).exists()
            else:
                assert not seen.exists(), model


@pytest.mark.parametrize("role", ["kredssekretaer", "borgmester-thisted"])
def test_two_worlds_no_page_of_the_kreds_shows_a_canary_of_a_kommune(cast, as_actor, role, reported):
    """Persons, minutes, drafts and unreleased figures of two kommuner: on no page and in no document of the politikreds."""
    from plans.models import Plan

    reported(LAST.before)
    with as_actor(cast.konsulent):
        drafts = list(Plan.objects.exclude(status="APPROVED").values_list("title", flat=True))
        shared = set(Plan.objects.filter(status="APPROVED").values_list("title", flat=True))
    secrets = [canary.text for canary in canaries()] + [text for slug in ("thisted", "morsoe") for text in other_texts(slug) if text not in shared]
    secrets += [title for title in drafts if title not in shared] + [f"Tal, {LAST.before.label}"]
    client, leaked, asked = make_client(cast.users[role], raise_request_exception=False), [], 0
    with as_actor(cast.kredssekretaer, "midt-og-vestjylland"):
        ids = list(Release.objects.values_list("public_id", flat=True))
    urls = [url for route in tenant_routes() for url in addresses(route, "midt-og-vestjylland", most=3)] + [f"{KREDS}/kommuner/{key}/" for key in ids]
    for url in urls:
        response = client.get(url)
        asked += response.status_code == 200
        text = readable(response)
        leaked += [(url, secret) for secret in secrets if secret in text]
    assert leaked == []
    assert asked > 15


def test_twelve_kommuner_cost_no_more_than_two(cast, visit, django_assert_max_num_queries):
    from access.actor import Actor
    from access.roles import Verb
    from municipalities.presets import system_user
    from tests.conftest import acting

    client = visit(cast.kredssekretaer)
    parent = Tenant.objects.get(slug="midt-og-vestjylland")
    for number in range(10):
        user = system_user(f"proeve-{number}")
        with acting(Actor(user_id=user.pk, is_system=True)):
            tenant = Tenant.objects.create(name=f"Prøvekommune {number}", slug=f"proeve-{number}", parent=parent)
        with acting(Actor(user_id=user.pk, tenant_id=tenant.pk, is_member=True, forums={Verb.EDIT_PLANS: frozenset({1}), Verb.RELEASE_FIGURES: frozenset({1})})):
            for kind in ("PLAN", "FIGURES"):
                summary = {"initiatives": ["En"], "period": "1. halvår", "young": None, "meetings": 4, "came": None}
                Release.objects.create(
                    tenant=tenant, kind=kind, title=f"{kind} {number}", period_from=LAST.first_day, period_to=LAST.last_day, payload={"summary": summary}, released_by=user
                )
    with django_assert_max_num_queries(12):
        page = readable(client.get(f"{KREDS}/kommuner/"))
    assert page.count("Prøvekommune") == 10
    assert "Skjult" in page


def test_two_people_taking_the_same_back(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        found = release("DATES")
        sharing.withdraw(found, actor=actor)
        with pytest.raises(sharing.CannotShareError):
            sharing.withdraw(found, actor=actor)
