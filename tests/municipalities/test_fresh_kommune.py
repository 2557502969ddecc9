"""A kommune on its first day, without a forum of its own: what its administrator and a colleague without a seat see, and where it leads them."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from access.models import User
from access.roles import AppointmentRole, DataClass, ForumKind, SeatRole
from municipalities import first_steps
from municipalities.actions import add_seat, appoint, open_forum
from municipalities.models import Appointment, Forum, ForumTrin, Level, MatrixCell, Organisation, Seat, SparringDoor, Tenant, Trin
from municipalities.presets import setup_actor
from tests.conftest import acting
from tests.rules.crawl import readable

HERE = "/opdigtet/"


@pytest.fixture
def fresh(visit, cast):
    """Halsnæs's preset as another kommune, in the politikreds that has a Kredsråd."""
    answers = {"name": "Opdigtet Kommune", "slug": "opdigtet", "code": "999", "kreds": "midt-og-vestjylland", "new_kreds": "", "administrator": "Ida Opdigtet",
               "email": "ida@opdigtet.example", "trin": "opret"}  # fmt: skip
    assert visit(cast.operatoer).post("/opret-kommune/halsnaes/", answers).status_code == 302
    tenant = Tenant.objects.get(slug="opdigtet")
    User.objects.filter(email="ida@opdigtet.example").update(is_demo=True)
    return tenant


@pytest.fixture
def ida(visit, fresh):
    """Its administrator's window."""
    return visit(User.objects.get(email="ida@opdigtet.example"))


@pytest.fixture
def siv(visit, ida):
    """The window of a colleague whom she has invited without a seat."""
    assert ida.post(HERE + "opsaetning/personer/inviter/", {"name": "Siv Opdigtet", "email": "siv@opdigtet.example", "is_reader": "on"}).status_code == 302
    return visit(User.objects.get(email="siv@opdigtet.example"))


def forum_of(fresh, name, kind, ceiling=DataClass.INTERNAL):
    """A forum as the administrator makes it."""
    actor = setup_actor(fresh)
    with acting(actor):
        level = Level.objects.filter(tenant=fresh).first() or Level.objects.create(tenant=fresh, name="Kommunen", order=1)
        return open_forum(fresh, actor=actor, key=name.lower().replace(" ", "-").replace("å", "aa"), name=name, level=level, kind=kind, ceiling=ceiling)


def test_the_invitation_proposes_to_be_without_a_seat(ida):
    page = ida.get(HERE + "opsaetning/personer/inviter/").content.decode()
    assert "Ingen plads er ledig" in page and 'name="is_reader"' in page and "checked" in page[page.index('name="is_reader"') :].split(">")[0]


def test_the_list_of_what_one_finds_begins_with_ones_own_work(ida, siv):
    found = {who: re.findall(r'<a class="t" href="([^"]+)"', window.get(HERE).content.decode().split('id="h-uden"')[1]) for who, window in (("ida", ida), ("siv", siv))}
    own = [HERE + "opsaetning/", HERE + "opsaetning/personer/", HERE + "opsaetning/adgang/", HERE + "eksport/"]
    assert found["ida"][:4] == own and found["ida"][4:] == found["siv"]


def test_a_data_protection_officer_is_told_what_is_his_to_do(visit, cast):
    said = readable(visit(cast.dpo).get("/thisted/"))
    assert "Du fører tilsyn med, hvem der ser hvad." in said
    for found in ("/thisted/adgangslog/", "/thisted/opsaetning/adgang/", "/thisted/eksport/"):
        assert found in said.split('id="h-uden"')[1], found
    assert "Du fører tilsyn" not in readable(visit(cast.it).get("/thisted/"))


def test_every_line_of_both_menus_is_a_page(ida, siv):
    for window in (ida, siv):
        for line in window.get(HERE).wsgi_request.page_context["nav"]:
            answer = window.get(line.url)
            assert answer.status_code == 200 and len(readable(answer).split("<main")[-1]) > 200, line.url


def test_standing_agendas_without_a_forum_lead_to_making_one(ida):
    said = readable(ida.get(HERE + "dagsordener/"))
    assert "Der er ikke noget forum endnu" in said and "Vælg et forum" not in said and HERE + "opsaetning/fora/nyt/" in said


def test_the_organisation_does_not_deny_the_kredsraad_that_stands_below(ida, siv):
    for window in (ida, siv):
        text = readable(window.get(HERE + "organisation/"))
        assert "Kommunen har ikke selv beskrevet nogen fora endnu" in text and "Kredsråd" in text and "Der er ikke beskrevet nogen fora" not in text
    assert HERE + "opsaetning/fora/nyt/" in readable(ida.get(HERE + "organisation/"))
    assert "opsaetning" not in readable(siv.get(HERE + "organisation/")) and "Niveauer og forebyggelse" not in readable(siv.get(HERE + "organisation/"))


def test_an_empty_part_of_the_door_is_not_shown_and_the_administrator_is_told(ida, siv):
    text = readable(siv.get(HERE + "sparring/"))
    assert "Læg mærke til tegnet" in text
    assert not any(part in text for part in ("Sådan får du fat i os", "Ring i stedet", "Bed om at blive ringet op", "Mangler endnu"))
    text = readable(ida.get(HERE + "sparring/"))
    assert "Mangler endnu: et telefonnummer eller en mailadresse, hvornår der er åbent, hvem der ringer tilbage" in text and "/sparring/opsaet/" in text
    refused = siv.post(HERE + "sparring/", {"how": "20 20 20 20", "when": "nu"})
    assert refused.status_code == 409 and "Ingen svarer på henvendelser i SSP endnu." in readable(refused) and "Ring i stedet" not in readable(refused)


@pytest.mark.parametrize(("way", "said"), [({"phone": "11 22 33 44"}, "Ring i stedet"), ({"mail": "ssp@opdigtet.example"}, "Skriv en mail i stedet")])
def test_a_door_with_one_way_in_names_that_one(siv, fresh, way, said):
    with acting(setup_actor(fresh)):
        door = SparringDoor.objects.get(tenant=fresh)
        for name, value in way.items():
            setattr(door, name, value)
        door.save()
    text = readable(siv.get(HERE + "sparring/"))
    assert "Sådan får du fat i os" in text and said in text


def test_the_first_steps_stand_on_the_administrators_min_uge_until_they_are_done(ida, siv, fresh, visit, cast):
    said = readable(ida.get(HERE))
    assert "De første skridt" in said and HERE + "opsaetning/fora/" in said and HERE + "opsaetning/personer/udpeg/?rolle=DPO" in said
    assert "De første skridt" not in readable(siv.get(HERE))  # who manages nothing has no such list
    before = len(re.findall('class="tag ok"', ida.get(HERE).content.decode()))
    with acting(setup_actor(fresh)):
        appoint(fresh, cast.dpo, AppointmentRole.DPO)
    assert len(re.findall('class="tag ok"', ida.get(HERE).content.decode())) == before + 1


def test_the_first_steps_are_gone_where_all_is_done_and_cost_nobody_else_a_query(cast, actor_for, as_actor):
    with as_actor(cast.it) as actor:
        request = SimpleNamespace(actor=actor, tenant=SimpleNamespace(slug="thisted", is_kommune=True))
        for forum in Forum.objects.filter(tenant=actor.tenant_id):
            if not Seat.objects.current().filter(forum=forum, user__isnull=False).exists():
                Forum.objects.filter(pk=forum.pk).update(active_to=timezone.localdate() - timedelta(days=1))
        assert first_steps.week_part(request) is None
    for other in (cast.konsulent, cast.dpo, cast.chef):
        assert first_steps.week_read(SimpleNamespace(actor=actor_for(other), tenant=SimpleNamespace(is_kommune=True))) is None


def test_mandates_are_offered_where_there_are_forums(ida, visit, cast):
    assert "Hent alle mandater" not in readable(ida.get(HERE + "organisation/")) and "Hent alle mandater" in readable(visit(cast.chef).get("/thisted/organisation/"))


def test_a_forum_needs_a_level_and_the_page_leads_to_it(ida, fresh):
    answer = ida.get(HERE + "opsaetning/fora/nyt/")
    text = readable(answer)
    assert answer.status_code == 200 and "Opret først et niveau" in text and HERE + "opsaetning/niveauer/" in text and 'name="kind"' not in text
    assert ida.post(HERE + "opsaetning/fora/nyt/", {"name": "Et forum"}).status_code == 409
    assert ida.post(HERE + "opsaetning/niveauer/", {"name": "Kommunen"}).status_code == 302
    assert 'name="kind"' in readable(ida.get(HERE + "opsaetning/fora/nyt/"))


def test_a_member_reads_the_trin_scale_and_who_handles_it(visit, cast, as_actor):
    from municipalities.models import Forum

    with as_actor(cast.it) as actor:
        Trin.objects.filter(tenant=actor.tenant_id).delete()
    assert "Trinskala" not in readable(visit(cast.chef).get("/thisted/organisation/"))  # without a scale there is nothing to say
    with as_actor(cast.it) as actor:
        forum = Forum.objects.get(tenant=actor.tenant_id, key="styregruppe")
        names = ("Gult", "Orange", "Rødt")
        steps = [Trin.objects.create(tenant_id=actor.tenant_id, number=number, name=name, description="Opdigtet") for number, name in enumerate(names, start=1)]
        ForumTrin.objects.create(tenant_id=actor.tenant_id, trin=steps[1], forum=forum)
    for who in (cast.chef, cast.dpo, cast.elev):
        html = visit(who).get("/thisted/organisation/").content.decode()
        part = html[html.index('id="trin"') :]
        assert [name in part for name in ("1 Gult", "2 Orange", "3 Rødt")] == [True] * 3 and "Trin 2 af 3" in part
        assert part.count("intet forum") == 2 and f"/thisted/fora/{forum.public_id}/" in part


def test_a_member_sees_the_matrix_only_when_something_stands_in_it(siv, fresh, ida):
    with acting(setup_actor(fresh)):
        from municipalities.models import PreventionLevel

        level = Level.objects.create(tenant=fresh, name="Kommunen", order=1)
        MatrixCell.objects.create(tenant=fresh, level=level, prevention_level=PreventionLevel.objects.filter(tenant=fresh).first(), text="Opdigtet")
    assert "Niveauer og forebyggelse" in readable(siv.get(HERE + "organisation/"))


def test_who_is_invited_without_a_seat_has_one_appointment(siv, fresh):
    with acting(setup_actor(fresh)):
        assert [row.user.name for row in Appointment.objects.filter(tenant=fresh, role="READER").select_related("user")] == ["Siv Opdigtet"]


def test_who_looks_for_a_plan_is_told_where_it_is_begun_and_by_whom(ida, siv, fresh):
    for window in (ida, siv):
        assert "En handleplan begyndes i en styregruppe, og der er ingen endnu. Administratoren opretter den under Opsætning." in readable(window.get(HERE + "handleplaner/"))
    forum_of(fresh, "SSP-styregruppe", ForumKind.STYREGRUPPE)
    for window in (ida, siv):
        assert "Den begyndes i SSP-styregruppe af den, der er koordinator eller formand der." in readable(window.get(HERE + "handleplaner/"))


def test_a_plan_that_nobody_could_approve_says_so_before_it_is_begun(fresh, visit, ida):
    steering = forum_of(fresh, "SSP-styregruppe", ForumKind.STYREGRUPPE)
    actor = setup_actor(fresh)
    with acting(actor):
        sender = Organisation.objects.create(tenant=fresh, name="Børn og Skole", kind=Organisation.Kind.MUNICIPAL_OTHER, mark=Organisation.Mark.OTHER)
        add_seat(steering, actor=actor, role=SeatRole.COORDINATOR, title="Konsulent", organisation=sender, key="styregruppe/konsulent")
    seat = re.search(r'name="seats" value="(\d+)"', ida.get(HERE + "opsaetning/personer/inviter/").content.decode())[1]
    assert ida.post(HERE + "opsaetning/personer/inviter/", {"name": "Rie Opdigtet", "email": "rie@opdigtet.example", "seats": seat}).status_code == 302
    rie = visit(User.objects.get(email="rie@opdigtet.example"))
    said = readable(rie.get(HERE + "handleplaner/ny/"))
    assert "Handleplanen godkendes af et Lokalråd, og der er intet endnu." in said and "Begynd planen" not in said
    forum_of(fresh, "Lokalråd", ForumKind.LOKALRAAD)
    said = readable(rie.get(HERE + "handleplaner/ny/"))
    assert "Begynd planen" in said
    nearest = min((date(year, 1, 1) for year in (timezone.localdate().year, timezone.localdate().year + 1)), key=lambda start: abs(start - timezone.localdate()))
    assert re.search(r'<option value="([\d-]+)" selected', said)[1] == nearest.isoformat()  # of three periods that overlap
    week = readable(rie.get(HERE))
    assert "Opret handleplan" in week and "Planlæg det første møde" in week
    assert "Opret handleplan" not in readable(ida.get(HERE))


def test_a_seat_without_an_organisation_leads_to_making_one(ida, fresh):
    with acting(setup_actor(fresh)):
        Organisation.objects.filter(tenant=fresh).delete()
    page = HERE + f"opsaetning/fora/{forum_of(fresh, 'SSP-netværk', ForumKind.NETVAERK).public_id}/pladser/ny/"
    for answer, status in ((ida.get(page), 200), (ida.post(page, {"title": "Konsulent"}), 409)):
        said = readable(answer)
        assert answer.status_code == status and "kommunen har ingen endnu" in said and HERE + "opsaetning/organisationer/" in said and "Opret pladsen" not in said
    with acting(setup_actor(fresh)):
        Organisation.objects.create(tenant=fresh, name="Børn og Skole", kind=Organisation.Kind.MUNICIPAL_OTHER, mark=Organisation.Mark.OTHER)
    said = readable(ida.get(page))
    assert "Opret pladsen" in said and "Hvad må hver rolle?" in said and "Godkender handleplanen i et Lokalråd." in said


def test_a_forum_says_what_its_kinds_are_for_and_chooses_no_class_beforehand(ida, fresh):
    forum_of(fresh, "SSP-netværk", ForumKind.NETVAERK)  # and with it a level
    page = ida.get(HERE + "opsaetning/fora/nyt/").content.decode()
    assert "Hvad er hver art til?" in page and "Her bliver handleplanen skrevet." in page
    assert '<option value="" selected>Vælg klasse</option>' in page


@pytest.mark.parametrize("kind", [ForumKind.SAGSFORUM, ForumKind.OVERLEVERING])
def test_a_new_forum_about_single_young_people_has_their_class_from_the_first_day(ida, fresh, kind):
    """Raising it afterwards takes a second person, and on the first day there is none."""
    forum_of(fresh, "SSP-netværk", ForumKind.NETVAERK)
    with acting(setup_actor(fresh)):
        level = Level.objects.filter(tenant=fresh).get()
    typed = {"name": "§ 115-møder", "level": level.public_id, "kind": kind, "convening": "ROLE", "chairing": "FIXED", "order": "10"}
    answer = ida.post(HERE + "opsaetning/fora/nyt/", {**typed, "ceiling": "INTERNAL"})
    assert answer.status_code == 422 and "handler om enkelte unge" in readable(answer)
    assert ida.post(HERE + "opsaetning/fora/nyt/", {**typed, "ceiling": "PERSON_115"}).status_code == 302


def test_the_operator_is_told_of_every_mail_that_leaves(visit, cast):
    answers = {"name": "Opdigtet Kommune", "code": "999", "kreds": "ingen", "administrator": "Ida Opdigtet", "email": "ida@opdigtet.example", "dpo": "Dan Opdigtet",
               "dpo_email": "dan@opdigtet.example", "trin": "opret"}  # fmt: skip
    said = readable(visit(cast.operatoer).post("/opret-kommune/tom/", answers, follow=True))
    assert "Opdigtet Kommune er oprettet. ida@opdigtet.example, dan@opdigtet.example får hver en mail" in said


def test_the_prevention_model_names_the_usual_bands(ida):
    assert "For eksempel, nedefra: opbyggende, forebyggende, kriminalitetsforebyggende." in readable(ida.get(HERE + "opsaetning/forebyggelse/"))
