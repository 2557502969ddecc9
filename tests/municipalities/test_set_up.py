"""Setting a kommune up, in the browser and by command: who may, what is refused, what is made."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from access.actor import Actor
from access.models import OutboxMessage, User
from access.roles import Verb
from municipalities.models import Forum, Seat, Tenant
from municipalities.presets import setup_actor
from municipalities.set_up import EMPTY, kommune_presets
from tests.conftest import acting

PAGE = "/opret-kommune/"


def answers(**changed):
    """A form filled in for a sixth kommune."""
    filled = {
        "name": "Opdigtet Kommune", "slug": "opdigtet", "code": "999", "kreds": "midt-og-vestjylland", "new_kreds": "", "areas": "Nord\nSyd",
        "administrator": "Ida Opdigtet", "email": "ida@opdigtet.example", "dpo": "", "dpo_email": "",
        "kreds_administrator": "Karl Opdigtet", "kreds_email": "karl@kreds.example", "trin": "opret",
    }  # fmt: skip
    return {**filled, **changed}


@pytest.fixture
def made(visit, cast):
    """`made("fredericia", …)`: the tenant that the page makes."""

    def make(preset, **changed):
        filled = answers(**changed)
        response = visit(cast.operatoer).post(f"{PAGE}{preset}/", filled)
        assert response.status_code == 302, response.content.decode()
        return Tenant.objects.get(slug=filled["slug"])

    return make


# ---- who ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["it", "konsulent", "dpo", "kredssekretaer"])
def test_to_everybody_but_operators_the_pages_are_not_there(visit, cast, who):
    client = visit(getattr(cast, who))
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}fredericia/").status_code == 404
    assert client.post(f"{PAGE}fredericia/", answers()).status_code == 404
    assert not Tenant.objects.filter(slug="opdigtet").exists()


def test_who_is_not_logged_in_logs_in_first(client):
    assert client.get(PAGE)["Location"].startswith("/konto/login/")


def test_an_operator_without_two_factors_sets_up_the_second_first(visit, cast):
    client = visit(cast.operatoer)
    session = client.session
    session.pop("demo_login")
    session.save()
    assert client.post(f"{PAGE}fredericia/", answers())["Location"].endswith("/2fa/totp/activate/")
    assert not Tenant.objects.filter(slug="opdigtet").exists()


def test_an_operator_sees_no_kommunes_page_not_even_of_the_one_he_made(visit, cast, made):
    made("fredericia")
    client = visit(cast.operatoer)
    for path in ("/opdigtet/", "/opdigtet/organisation/", "/opdigtet/adgangslog/", "/thisted/", "/thisted/organisation/", "/thisted/sager/", "/midt-og-vestjylland/"):
        assert client.get(path).status_code == 404, path


def test_an_operators_pages_know_no_row_of_any_kommune(cast):
    with acting(Actor(user_id=cast.operatoer.pk)):
        assert not Forum.objects.exists() and not Seat.objects.exists()


def test_the_start_page_leads_an_operator_on(visit, cast):
    page = visit(cast.operatoer).get("/").content.decode()
    assert PAGE in page and "ingen plads" not in page
    assert PAGE not in visit(cast.fnt).get("/?vis").content.decode()


# ---- look first ---------------------------------------------------------------------------------------------------
def test_every_preset_can_be_chosen(visit, cast):
    client = visit(cast.operatoer)
    page = client.get(PAGE).content.decode()
    for preset in [*kommune_presets(), EMPTY]:
        assert f"{PAGE}{preset}/" in page
        assert client.get(f"{PAGE}{preset}/").status_code == 200
    assert client.get(f"{PAGE}politikreds/").status_code == 404
    assert client.get(f"{PAGE}findes-ikke/").status_code == 404


def test_the_preview_says_all_in_words_and_makes_nothing(visit, cast):
    page = visit(cast.operatoer).post(f"{PAGE}fredericia/", answers(trin="vis")).content.decode()
    for part in (
        "SSP distriktsgruppe, Nord", "SSP distriktsgruppe, Syd", "hver 2. måned", "før hvert møde i SSP styregruppe", "Lokal leder", "Enkeltsager, der har fyldt, uden navne",
        "To personer sammen", "Personoplysninger, § 115", "Generel forebyggelse", "ida@opdigtet.example", "årets møde nr. 2",
        "Social og Beskæftigelse · Myndighed", "9 celler i tabellen er udfyldt",
    ):  # fmt: skip
        assert part in page.replace("\u00a0", " ").replace("\u2060", ""), part
    assert not Tenant.objects.filter(slug="opdigtet").exists()


def test_the_preview_names_the_funktionsbeskrivelser_and_what_an_empty_kommune_has_not(visit, cast):
    page = visit(cast.operatoer).post(f"{PAGE}guldborgsund/", answers(trin="vis")).content.decode()
    assert "Sagsbehandler · Lokalpoliti" in page.replace("\u00a0", " ")
    page = visit(cast.operatoer).post(f"{PAGE}{EMPTY}/", answers(trin="vis")).content.decode()
    assert "Funktionsbeskrivelser" not in page and "celler i tabellen" not in page


@pytest.mark.parametrize("preset", [*kommune_presets(), EMPTY])
def test_every_preset_can_be_looked_at(visit, cast, preset):
    assert "Opret kommunen" in visit(cast.operatoer).post(f"{PAGE}{preset}/", answers(trin="vis")).content.decode()


def test_going_back_keeps_what_was_written(visit, cast):
    response = visit(cast.operatoer).post(f"{PAGE}fredericia/", answers(trin="ret"))
    assert response.status_code == 200 and "Opdigtet Kommune" in response.content.decode()


# ---- bad input ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "Kommunens navn"),
        ({"name": "Thisted kommune", "slug": "ny"}, "findes allerede"),
        ({"slug": "thisted"}, "optaget af Thisted Kommune"),
        ({"slug": "konto"}, "bruges af løsningen selv"),
        ({"slug": "static"}, "bruges af løsningen selv"),
        ({"slug": "opret-kommune"}, "bruges af løsningen selv"),
        ({"slug": "to ord"}, "Skriv kun bogstaver fra a til z"),
        ({"slug": "", "name": "!!!"}, "ikke laves en adresse"),
        ({"code": "787"}, "hører til Thisted Kommune"),
        ({"code": "0787"}, "hører til Thisted Kommune"),
        ({"code": "12"}, "tre cifre"),
        ({"code": "1234"}, "tre cifre"),
        ({"code": "٣٣٣"}, "tre cifre"),
        ({"code": "abc"}, "tre cifre"),
        ({"kreds": "thisted"}, "Politikreds"),
        ({"kreds": "ny"}, "Skriv politikredsens navn"),
        ({"kreds": "ny", "new_kreds": "Midt- og Vestjylland"}, "er optaget"),
        ({"kreds": "ny", "new_kreds": "Opdigtet"}, "samme adresse"),
        ({"areas": " \n"}, "mindst ét område"),
        ({"areas": "Nord\nnord"}, "samme navn"),
        ({"areas": "\n".join(f"Område {n}" for n in range(50))}, "Højst 40"),
        ({"administrator": ""}, "administrator"),
        ({"email": "ikke-en-adresse"}, "e-mail"),
        ({"email": "system-thisted@ssp.invalid"}, "bruges af løsningen selv"),
    ],
)
@pytest.mark.parametrize("step", ["vis", "opret"])
def test_what_cannot_be_is_said_and_nothing_is_made(visit, cast, changed, sentence, step):
    before = Tenant.objects.count()
    response = visit(cast.operatoer).post(f"{PAGE}fredericia/", answers(**changed, trin=step))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Tenant.objects.count() == before and not User.objects.filter(email="ida@opdigtet.example").exists()


NOT_SO = [({"code": "787"}, "code"), ({"name": "Thisted kommune"}, "name"), ({"slug": "thisted"}, "slug"), ({"slug": "", "name": "!!!"}, "slug")]


@pytest.mark.parametrize(("changed", "field"), NOT_SO)
def test_it_is_said_at_the_field_that_has_to_be_another(visit, cast, changed, field):
    response = visit(cast.operatoer).post(f"{PAGE}fredericia/", answers(**changed))
    assert list(response.context["form"].errors) == [field]


def test_a_presets_address_is_not_another_kommunes(visit, cast):
    page = visit(cast.operatoer).get(f"{PAGE}fredericia/")
    assert page.context["form"].initial["name"] == "Fredericia Kommune" and "slug" not in page.context["form"].initial


def test_the_same_kommune_is_set_up_once(visit, cast, made):
    made("vordingborg")
    again = visit(cast.operatoer).post(f"{PAGE}vordingborg/", answers())
    assert again.status_code == 422 and "er optaget af Opdigtet Kommune" in again.content.decode()


def test_two_at_once_make_one(visit, cast, monkeypatch, made):
    made("halsnaes")
    monkeypatch.setattr("municipalities.set_up.refuse_taken", lambda *args: None)  # both have asked before either has made it
    monkeypatch.setattr("municipalities.set_up_forms.refuse_taken", lambda *args: None)
    late = visit(cast.operatoer).post(f"{PAGE}halsnaes/", answers(email="bo@opdigtet.example"))
    assert late.status_code == 409 and "netop taget af en anden" in late.content.decode()
    assert not User.objects.filter(email="bo@opdigtet.example").exists()


# ---- what is made -------------------------------------------------------------------------------------------------
def test_the_administrator_gets_a_mail_and_nothing_but_the_right_to_manage(made, actor_for):
    tenant = made("fredericia")
    ida = User.objects.get(email="ida@opdigtet.example")
    actor = actor_for(ida, "opdigtet")
    assert actor.tenant_verbs == {Verb.MANAGE_TENANT} and not actor.forums
    system = User.objects.get(username="system:opdigtet")
    with acting(Actor(user_id=system.pk, tenant_id=tenant.pk, is_system=True)):
        (mail,) = OutboxMessage.objects.filter(kind="mail")
    assert mail.recipient == ida and "Opdigtet Kommune" in mail.subject


def test_the_administrator_opens_the_pages_of_his_kommune(made, visit):
    made("guldborgsund", areas="Nykøbing\nØst")
    page = visit(User.objects.get(email="ida@opdigtet.example")).get("/opdigtet/organisation/").content.decode()
    assert "SSP netværksgruppe, Nykøbing" in page and "Akutgruppe, Øst" in page


@pytest.mark.parametrize("preset", ["halsnaes", EMPTY])
def test_a_kommune_without_forums_answers_on_every_page_of_its_menu(made, visit, preset):
    made(preset)
    client = visit(User.objects.get(email="ida@opdigtet.example"))
    start = client.get("/opdigtet/")
    assert start.status_code == 200
    for entry in start.context["nav"]:
        assert client.get(entry.url).status_code == 200, entry.url


def test_halsnaes_has_its_staircase_on_day_one(made):
    from municipalities.models import PreventionLevel

    tenant = made("halsnaes")
    with acting(setup_actor(tenant)):
        assert list(PreventionLevel.objects.filter(tenant=tenant).values_list("order", flat=True)) == [1, 2, 3]
    assert tenant.prevention_shape == "trappe"


def test_a_new_politikreds_has_a_kredsraad_as_the_kommunes_paper_says_with_its_mayor(made):
    kommune = made("fredericia", kreds="ny", new_kreds="Opdigtet politikreds")
    kreds = Tenant.objects.get(slug="opdigtet-politikreds")
    assert kommune.parent == kreds and kreds.kind == "POLITIKREDS"
    with acting(setup_actor(kreds)):
        council = Forum.objects.get(tenant=kreds)
        assert (council.convening, council.cadence_unit, council.cadence_number) == ("POLICE", "PER_YEAR", 1)
        assert list(council.seats.order_by("pk").values_list("title", flat=True)) == ["Politidirektør", "Kredsrådets sekretær", "Borgmester, Opdigtet Kommune"]


def test_a_kommune_that_joins_a_politikreds_gets_one_seat_for_its_mayor(made):
    tenant = made("halsnaes")
    with acting(setup_actor(tenant.parent)):
        assert Seat.objects.filter(organisation__name="Opdigtet Kommune").count() == 1


def test_the_log_of_the_kommune_names_the_operator(made, log, cast):
    tenant = made("halsnaes")
    rows = [row for row in log() if row.tenant_id == tenant.pk]
    assert {row.actor_id for row in rows} == {cast.operatoer.pk}
    assert "Opdigtet Kommune" in {row.object_repr for row in rows}


def test_who_places_on_the_scale_comes_from_the_preset(made):
    assert made("fredericia").trin_placed_by == "SSP tovholder"


def test_a_code_with_a_zero_in_front_is_kept_as_three_digits(made):
    assert made("halsnaes", code="0999").code == "999"


def test_an_address_is_proposed_from_the_name(visit, cast):
    page = visit(cast.operatoer).post(f"{PAGE}halsnaes/", answers(name="Ærø Prøve Kommune", slug="", trin="vis")).content.decode()
    assert "/aeroe-proeve/" in page


# ---- by command ---------------------------------------------------------------------------------------------------
def test_by_command_from_a_preset_with_other_names(db, capsys):
    call_command("set_up_kommune", "fredericia", "--name", "Opdigtet Kommune", "--code", "999", "--area", "Nord", "--administrator", "bo@opdigtet.example", "Bo Opdigtet")
    said = capsys.readouterr().out
    assert "/opdigtet/" in said and "bo@opdigtet.example gets a mail" in said and "enter_person" not in said
    tenant = Tenant.objects.get(slug="opdigtet")
    assert tenant.parent is not None and tenant.parent.name == "Sydøstjylland"
    with acting(setup_actor(tenant)):
        assert Forum.objects.filter(tenant=tenant, kind="NETVAERK").count() == 1
        (mail,) = OutboxMessage.objects.filter(kind="mail")
    written = render_to_string(mail.payload["template"], {**mail.payload["facts"], "recipient": mail.recipient})
    assert "Du er inviteret til SSP-samarbejdet i Opdigtet Kommune." in written and "System" not in written and "dem, der driver SSP" in written


def test_by_command_an_empty_one(db):
    call_command("set_up_kommune", "--empty", "--name", "Tom Kommune")
    assert Tenant.objects.get(slug="tom").parent is None


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["thisted"], "findes allerede|er optaget"),
        (["--empty"], "needs a --name"),
        (["fredericia", "--code", "787"], "hører til"),
        (["fredericia", "--slug", "konto"], "løsningen selv"),
        (["fredericia", "--slug", "Nr. 1!"], "bogstaver fra a til z"),
        (["fredericia", "--slug", "nr1", "--code", "12"], "tre cifre"),
    ],
)
def test_by_command_a_refusal_is_a_sentence(db, args, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("set_up_kommune", *args)


def test_an_operator_is_entered_and_ended_by_command_and_the_log_says_so(db, capsys, log):
    call_command("enter_operator", "eva@drift.example", "Eva Opdigtet")
    assert "/konto/kode/glemt/" in capsys.readouterr().out
    assert User.objects.get(email="eva@drift.example").is_operator
    call_command("enter_operator", "eva@drift.example", "--end")
    assert not User.objects.get(email="eva@drift.example").is_operator
    assert [row.changes["is_operator"] for row in log() if row.content_type.model == "user"][-2:] == [["False", "True"], ["True", "False"]]
    with pytest.raises(CommandError, match="no operator"):
        call_command("enter_operator", "eva@drift.example", "--end")


def test_a_new_kommune_has_the_usual_school_holidays_of_two_years(made):
    from django.utils import timezone

    from municipalities.models import SchoolHoliday

    tenant, this = made(EMPTY), timezone.localdate().year
    with acting(setup_actor(tenant)):
        rows = list(SchoolHoliday.objects.filter(tenant=tenant).values_list("name", "starts_on__year"))
    assert sorted(year for _name, year in rows) == [this] * 5 + [this + 1] * 5
    assert "Efterårsferie" in {name for name, _year in rows}


def test_an_empty_kommune_has_a_plan_to_write(made):
    from plans.models import PlanTemplate

    tenant = made(EMPTY)
    with acting(setup_actor(tenant)):
        template = PlanTemplate.objects.get(tenant=tenant)
        assert (template.period_years, template.fields.count(), Forum.objects.filter(tenant=tenant).count()) == (2, 6, 0)


def test_the_database_makes_nobody_an_operator_in_the_context_of_a_page(cast, as_actor):
    with as_actor(cast.it), pytest.raises(IntegrityError, match="enter_operator"), transaction.atomic():
        User.objects.filter(pk=cast.chef.pk).update(is_operator=True)
    with as_actor(cast.it), pytest.raises(IntegrityError, match="enter_operator"), transaction.atomic():
        User.objects.create(username="ny@drift.example", email="ny@drift.example", is_operator=True)
    with as_actor(cast.it):
        cast.chef.save()  # every other column is free
