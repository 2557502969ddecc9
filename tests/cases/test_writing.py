"""Writing in a case: new, changed, closed, involvement, aftaler; and two at once."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from access.gate import open_ticket
from access.models import Purpose
from access.roles import Verb
from cases import actions
from cases.errors import CaseStateError, StaleCaseError
from cases.forms import NewCaseForm
from cases.models import Case, CaseAgreement, CaseAgreementText, CaseText, Involvement, Person, PersonData
from municipalities.models import Forum
from tests.conftest import acting

NAME = "Viggo Opdigtet"


@pytest.fixture
def typed(noah):
    """What somebody types into the form of a new case."""
    day = timezone.localdate()
    return {
        "forum": noah.case.forum.public_id, "name": NAME, "cpr": "", "reason": "Set ved havnen.", "necessity": "Flere ser hver sit.", "legal_basis": "RPL115_1",
        "concern_level": "2", "follow_up_on": (day + timedelta(days=20)).isoformat(), "delete_on": (day + timedelta(days=300)).isoformat(),
    }  # fmt: skip


def form_of(known, **changed):
    values = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in known.values.items() if value is not None}
    return {**values, **changed}


def opened(actor, case):
    open_ticket(actor, Case, [case.person_id], purpose=Purpose.OTHER, row=case, note="test")


def test_a_new_case_gets_the_next_free_number_and_opens(cast, visit, typed, as_actor, log):
    with as_actor(cast.konsulent):
        highest = max(int(number[5:]) for number in Case.objects.filter(number__startswith=str(timezone.localdate().year)).values_list("number", flat=True))
    client = visit(cast.konsulent)
    page = client.post("/thisted/sager/ny/", typed, follow=True)
    case = page.context["case"]
    assert page.status_code == 200 and NAME in page.content.decode()
    assert case.number == f"{timezone.localdate().year}-{highest + 1:03}"
    assert any(row.purpose == "registration" and row.subjects == [case.person_id] for row in log())


@pytest.fixture
def elsewhere(cast, as_actor, noah):
    """A circle with cases of its own that the konsulent has no part in, and the actor who has: a case with noah's number, and many more."""
    with as_actor(cast.konsulent) as actor:
        forum = Forum.objects.filter(tenant_id=actor.tenant_id).exclude(pk=noah.case.forum_id).first()
    member = replace(actor, forums={verb: frozenset({forum.pk}) for verb in (Verb.VIEW_CASES, Verb.WRITE_CASES)})
    with acting(member):
        for number in (noah.case.number, f"{timezone.localdate().year}-998"):
            about = {name: getattr(noah.case, name) for name in ("opened_on", "delete_on", "concern_level")}
            person = Person.objects.create(tenant_id=actor.tenant_id, forum=forum)
            Case.objects.create(tenant_id=actor.tenant_id, forum=forum, person=person, number=number, opened_by=cast.konsulent, follow_up_on=noah.case.follow_up_on, **about)
    return forum, member


def test_numbers_run_per_forum_so_a_gap_tells_nothing_about_another(cast, as_actor, noah, elsewhere):
    with as_actor(cast.konsulent) as actor:
        before = actions.create_case(noah.case.forum, actor=actor, values=noah.values)
        after = actions.create_case(noah.case.forum, actor=actor, values=noah.values)
        assert int(after.number[5:]) == int(before.number[5:]) + 1 < 998


def test_numbers_go_on_past_three_digits(as_actor, cast, noah, elsewhere):
    forum, member = elsewhere
    with acting(member):
        made = [actions.create_case(forum, actor=member, values=noah.values).number[5:] for _ in range(3)]
    assert made == ["999", "1000", "1001"]


def test_a_forum_uses_a_number_once(cast, as_actor, noah):
    with as_actor(cast.konsulent), pytest.raises(IntegrityError, match="case_number_in_forum"):
        Case(
            tenant_id=noah.case.tenant_id, forum=noah.case.forum, person_id=noah.case.person_id, number=noah.case.number, opened_on=noah.case.opened_on,
            delete_on=noah.case.delete_on, opened_by=cast.konsulent,
        ).save(force_insert=True)  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("reason", ""), ("necessity", " "), ("legal_basis", "INVESTIGATION"), ("concern_level", "9"), ("delete_on", "2001-01-01"), ("delete_on", "i morgen"),
     ("cpr", "12345"), ("birth_date", "2999-01-01"), ("forum", "23456789abcdef"), ("follow_up_on", "2999-01-01"), ("name", "x" * 201)],
)  # fmt: skip
def test_a_form_that_does_not_fit_is_shown_again(cast, visit, typed, as_actor, field, value):
    with as_actor(cast.konsulent):
        before = Case.objects.count()
    assert visit(cast.konsulent).post("/thisted/sager/ny/", {**typed, field: value}).status_code == 422
    with as_actor(cast.konsulent):
        assert Case.objects.count() == before


@pytest.mark.parametrize(("days", "status"), [(365, 302), (366, 422)])
def test_a_new_case_is_kept_a_year_at_most(cast, visit, typed, days, status):
    day = timezone.localdate() + timedelta(days=days)
    assert visit(cast.konsulent).post("/thisted/sager/ny/", {**typed, "delete_on": day.isoformat()}).status_code == status


def test_the_page_itself_carries_the_only_forum_there_is(cast, visit, typed):
    """As the browser sends it: what stands in the hidden field, and nothing of one's own."""
    client = visit(cast.konsulent)
    hidden = re.search(r'<input type="hidden" name="forum" value="(\w+)"', client.get("/thisted/sager/ny/").content.decode())
    assert hidden and client.post("/thisted/sager/ny/", {**typed, "forum": hidden[1]}).status_code == 302


def test_of_several_forums_none_is_chosen_beforehand(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        page = str(NewCaseForm(forums=Forum.objects.filter(tenant_id=actor.tenant_id)[:2])["forum"])
    assert '<option value="" selected>Vælg et forum</option>' in page and page.count("selected") == 1


def test_a_case_cannot_be_opened_in_a_forum_without_cases(cast, visit, typed, as_actor):
    with as_actor(cast.konsulent):
        general = Forum.objects.get(key="lokalraad", tenant__slug="thisted")
    assert visit(cast.konsulent).post("/thisted/sager/ny/", {**typed, "forum": general.public_id}).status_code == 422


def test_a_typed_number_is_sealed_and_never_comes_back_in_a_page(cast, visit, typed, as_actor, log):
    client = visit(cast.konsulent)
    wrong = client.post("/thisted/sager/ny/", {**typed, "cpr": "320611-7777", "name": ""})
    assert wrong.status_code == 422 and "7777" not in wrong.content.decode()
    page = client.post("/thisted/sager/ny/", {**typed, "cpr": "320611-7777"}, follow=True)
    assert "320611-••••" in page.content.decode() and "7777" not in page.content.decode()
    assert "ikke en dato" in page.content.decode()  # day 32: warned, not refused
    with as_actor(cast.konsulent) as actor:
        opened(actor, page.context["case"])
        data = PersonData.objects.get(person_id=page.context["case"].person_id)
        assert data.cpr == "3206117777" and "7777" not in data.cpr_sealed
    assert not [row for row in log() if "117777" in f"{row.note}{row.changes}{row.changes_text}{row.object_repr}{row.serialized_data}"]


def test_a_change_is_saved_and_the_log_says_that_not_what(cast, through_gate, noah, log, as_actor):
    client = through_gate(cast.konsulent, noah)
    version = client.get(noah.url + "ret/").context["form"].initial["version"]
    before = len(log())
    assert client.post(noah.url + "ret/", form_of(noah, version=version, background="En ganske ny baggrund", name=NAME)).status_code == 302
    with as_actor(cast.konsulent) as actor:
        opened(actor, noah.case)
        assert (CaseText.objects.get().background, PersonData.objects.get().name) == ("En ganske ny baggrund", NAME)
    rows = log()[before:]
    changes = str([row.changes for row in rows])
    assert "background" in changes and "ny baggrund" not in changes and NAME not in changes and noah.name not in changes
    assert all(noah.case.person_id in row.subjects for row in rows if row.changes and ("background" in row.changes or "name" in row.changes))


def test_two_at_once_see_both_texts_and_nothing_is_lost(cast, through_gate, noah, as_actor):
    first, second = through_gate(cast.konsulent, noah), through_gate(cast.fnt, noah)
    version = first.get(noah.url + "ret/").context["form"].initial["version"]
    assert first.post(noah.url + "ret/", form_of(noah, version=version, strengths="Den ene tekst")).status_code == 302
    both = second.post(noah.url + "ret/", form_of(noah, version=version, strengths="Den anden tekst"))
    assert both.status_code == 409
    assert "Den ene tekst" in both.content.decode() and "Den anden tekst" in both.content.decode()
    with as_actor(cast.konsulent) as actor:
        opened(actor, noah.case)
        assert CaseText.objects.get().strengths == "Den ene tekst"
    chosen = form_of(noah, version=both.context["form"]["version"].value(), strengths="Den anden tekst")
    assert second.post(noah.url + "ret/", chosen).status_code == 302


def test_the_version_changes_with_the_number_and_does_not_betray_it(cast, as_actor, noah):
    with as_actor(cast.konsulent) as actor:
        opened(actor, noah.case)
        case, person, text = noah.case, PersonData.objects.get(), CaseText.objects.get()
        before = actions.fingerprint(case, person, text)
        person.cpr = noah.cpr  # the same number sealed anew: another version, so no hash of the clear number
        assert actions.fingerprint(case, person, text) != before


def test_a_number_in_free_text_is_warned_about_and_saved(cast, through_gate, noah):
    client = through_gate(cast.konsulent, noah)
    version = client.get(noah.url + "ret/").context["form"].initial["version"]
    page = client.post(noah.url + "ret/", form_of(noah, version=version, background="Se 010203-1234"), follow=True)
    assert page.status_code == 200 and "ligner et CPR-nummer" in page.content.decode() and "Se 010203-1234" in page.content.decode()


def test_without_the_ticket_nothing_can_be_written(cast, as_actor, noah):
    from django.db import DatabaseError, transaction

    with as_actor(cast.konsulent) as actor:
        with pytest.raises(DatabaseError), transaction.atomic():
            actions.note_involvement(noah.case, actor=actor, party="PARENTS", status="ASKED", on=timezone.localdate(), note="")
        with pytest.raises(PersonData.DoesNotExist):
            actions.change_case(noah.case, actor=actor, values=noah.values, version="x")


def test_who_may_not_write_is_refused_by_the_action_itself(cast, as_actor, noah):
    with as_actor(cast.chef) as actor, pytest.raises(PermissionDenied):
        actions.close_case(noah.case, actor=actor, delete_on=timezone.localdate())


def test_closing_takes_it_off_the_list_and_drops_open_agreements(cast, through_gate, noah, as_actor):
    client = through_gate(cast.konsulent, noah)
    page = client.get(noah.url + "afslut/")
    open_ones = page.context["file"].open_agreements
    assert open_ones and all(agreement.text.what in page.content.decode().replace("\u00a0", " ") and agreement.names in page.content.decode() for agreement in open_ones)
    seen = ",".join(agreement.public_id for agreement in open_ones)
    assert client.post(noah.url + "afslut/", {"delete_on": noah.case.delete_on.isoformat(), "seen": seen}).status_code == 302
    assert noah.case not in client.get("/thisted/sager/").context["page_obj"]
    assert noah.case in client.get("/thisted/sager/?vis=afsluttede").context["page_obj"]
    with as_actor(cast.konsulent):
        assert not CaseAgreement.objects.filter(case=noah.case, status="OPEN").exists()
    assert client.get(noah.url).status_code == 302  # closed on the screen too


def test_an_agreement_that_was_not_listed_stops_the_closing(cast, through_gate, noah, as_actor):
    client = through_gate(cast.konsulent, noah)
    page = client.get(noah.url + "afslut/")
    seen = ",".join(agreement.public_id for agreement in page.context["file"].open_agreements)
    through_gate(cast.fnt, noah).post(noah.url + "aftale/", agreement(cast.fnt, what="Kom til imens"))
    refused = client.post(noah.url + "afslut/", {"delete_on": noah.case.delete_on.isoformat(), "seen": seen})
    assert refused.status_code == 422 and "Kom til imens" in refused.content.decode()
    with as_actor(cast.konsulent):
        assert type(noah.case).objects.get(pk=noah.case.pk).is_open
    shown = refused.content.decode().split('name="seen" value="')[1].split('"')[0]
    assert client.post(noah.url + "afslut/", {"delete_on": noah.case.delete_on.isoformat(), "seen": shown}).status_code == 302


def test_nothing_more_is_written_in_a_closed_case(cast, through_gate, noah, as_actor):
    with as_actor(cast.konsulent) as actor:
        actions.close_case(noah.case, actor=actor, delete_on=noah.case.delete_on)
    client, day = through_gate(cast.konsulent, noah), timezone.localdate().isoformat()
    assert client.get(noah.url).status_code == 200
    assert client.get(noah.url + "ret/").status_code == 409
    assert client.post(noah.url + "inddragelse/", {"party": "PARENTS", "status": "ASKED", "on": day}).status_code == 409
    assert client.post(noah.url + "aftale/", {"aftale-who": cast.fnt.name, "aftale-what": "Ringer", "aftale-due": "2029-01-01"}).status_code in (409, 422)
    assert client.post(noah.url + "afslut/", {"delete_on": day}).status_code == 422


def test_closing_cannot_set_deletion_in_the_past(cast, as_actor, noah):
    with as_actor(cast.konsulent) as actor, pytest.raises(CaseStateError):
        actions.close_case(noah.case, actor=actor, delete_on=timezone.localdate() - timedelta(days=1))


def test_involvement_is_noted_with_who_and_when(cast, through_gate, noah, as_actor):
    day = timezone.localdate()
    data = {"party": "YOUNG", "status": "WITHDRAWN", "on": day.isoformat(), "note": "Vil ikke mere"}
    page = through_gate(cast.fnt, noah).post(noah.url + "inddragelse/", data, follow=True)
    noted = page.context["file"].involvements[-1]
    assert (noted.party, noted.status, noted.on, noted.noted_by) == ("YOUNG", "WITHDRAWN", day, cast.fnt)
    assert noted in page.context["file"].involved


@pytest.mark.parametrize("data", [{"status": "NOT_ASKED"}, {"status": "NOT_ASKED", "note": " "}, {"status": "MAYBE"}, {"on": "2999-01-01"}, {"party": "TEACHER"}])
def test_involvement_that_does_not_fit_is_refused(cast, through_gate, noah, data):
    typed = {"party": "PARENTS", "status": "ASKED", "on": timezone.localdate().isoformat(), "note": "", **data}
    assert through_gate(cast.konsulent, noah).post(noah.url + "inddragelse/", typed).status_code == 422


def agreement(who, due="2027-03-01", what="Ringer til klubben", **more):
    return {"aftale-who": who if isinstance(who, str) else who.name, "aftale-what": what, "aftale-due": due, **more}


def test_an_agreement_in_one_line(cast, through_gate, noah):
    page = through_gate(cast.konsulent, noah).post(noah.url + "aftale/", agreement(cast.fnt), follow=True)
    made = page.context["file"].open_agreements[-1]
    assert (made.responsible_ids, made.text.what, made.due_on.isoformat(), made.created_by) == ({cast.fnt.pk}, "Ringer til klubben", "2027-03-01", cast.konsulent)


def test_a_day_that_may_be_misread_is_asked_back_first(cast, through_gate, noah, as_actor):
    client = through_gate(cast.konsulent, noah)
    asked = client.post(noah.url + "aftale/", agreement(cast.fnt, "næste uge"))
    assert asked.status_code == 422 and "Forstået som" in asked.content.decode()
    confirmed = asked.context["agreement_form"].data["aftale-confirmed"]
    assert client.post(noah.url + "aftale/", agreement(cast.fnt, "uge 20", **{"aftale-confirmed": confirmed})).status_code == 302


@pytest.mark.parametrize(("due", "what"), [("i går", "x"), ("sludder", "x"), ("2020-01-01", "x"), ("2027-03-01", ""), ("2027-03-01", "x" * 301)])
def test_an_agreement_that_does_not_fit_is_refused(cast, through_gate, noah, due, what):
    assert through_gate(cast.konsulent, noah).post(noah.url + "aftale/", agreement(cast.fnt, due, what)).status_code == 422


def test_an_agreement_goes_only_to_who_may_open_the_case(cast, through_gate, noah):
    assert through_gate(cast.konsulent, noah).post(noah.url + "aftale/", agreement(cast.chef)).status_code == 422


@pytest.fixture
def mine(cast, as_actor, noah):
    """The konsulent's open aftale in the case."""
    with as_actor(cast.konsulent):
        return CaseAgreement.objects.of(cast.konsulent).get(case=noah.case, status="OPEN")


def test_ticking_toggles_and_needs_no_ticket(cast, visit, mine, as_actor, log):
    client = visit(cast.konsulent)
    for expected in ("DONE", "OPEN"):
        assert client.post("/thisted/sager/aftaler/udfoert/", {"aftale": mine.public_id}).status_code == 302
        with as_actor(cast.konsulent):
            assert CaseAgreement.objects.get(pk=mine.pk).status == expected
    with as_actor(cast.konsulent):
        assert CaseAgreementText.objects.count() == 0


def test_the_row_that_htmx_gets_has_no_text(cast, visit, mine, noah):
    response = visit(cast.konsulent).post("/thisted/sager/aftaler/udfoert/?fra=uge", {"aftale": mine.public_id}, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert response.status_code == 200 and f"Opfølgning i sag {noah.case.number}" in page and noah.case.forum.name in page and "fritidsjob" not in page


@pytest.mark.parametrize("who", ["chef", "laerer", "dpo"])
def test_others_cannot_tick(cast, visit, mine, who):
    assert visit(getattr(cast, who)).post("/thisted/sager/aftaler/udfoert/", {"aftale": mine.public_id}).status_code == 404


@pytest.mark.parametrize("wanted", ["https://example.org", "//example.org", "/konto/", "/thisted//example.org"])
def test_ticking_leads_only_back_to_our_pages(cast, visit, mine, wanted):
    assert visit(cast.konsulent).post("/thisted/sager/aftaler/udfoert/", {"aftale": mine.public_id, "next": wanted})["Location"] == "/thisted/"


def test_my_week_shows_my_agreements_and_follow_ups_without_text(cast, visit, mine, noah):
    page = visit(cast.konsulent).get("/thisted/").content.decode()
    assert f"Opfølgning i sag {noah.case.number}" in page and "fritidsjobbet" not in page and "Sager til opfølgning" in page


def test_my_week_says_which_forum_a_number_belongs_to(cast, visit, mine, noah):
    page = visit(cast.konsulent).get("/thisted/").content.decode()
    sections = [part.split("</section>")[0] for part in page.split("<section") if "Mine aftaler i sager" in part or "Sager til opfølgning" in part]
    assert len(sections) == 2
    assert all(section.count(noah.case.forum.name) == section.count("<li") for section in sections)


def test_stale_error_carries_what_the_other_saved(cast, as_actor, noah):
    with as_actor(cast.konsulent) as actor:
        opened(actor, noah.case)
        with pytest.raises(StaleCaseError) as raised:
            actions.change_case(noah.case, actor=actor, values={**noah.values, "name": NAME}, version="an older one")
        assert raised.value.theirs["name"] == noah.name
        assert Involvement.objects.count() == 2


def test_the_legal_basis_is_that_of_who_passes_something_on(cast, visit, typed, as_actor):
    """Retsplejeloven § 115: stk. 1 is the police's, stk. 2 other authorities', stk. 3 takes independent institutions in."""
    chosen = r'<option value="(\w+)" selected[^>]*>[^<]*§ 115'
    for user, basis in ((cast.konsulent, "RPL115_2"), (cast.fnt, "RPL115_1")):
        page = visit(user).get("/thisted/sager/ny/").content.decode()
        assert re.findall(chosen, page.replace("&#xA0;", " ").replace("\u00a0", " ")) == [basis]
        assert "stk. 2 (andre myndigheder)" in page.replace("\u00a0", " ")
    answer = visit(cast.konsulent).post("/thisted/sager/ny/", {**typed, "legal_basis": "RPL115_3"})
    assert answer.status_code == 302
    with as_actor(cast.konsulent) as actor:
        case = Case.objects.order_by("-pk").first()
        opened(actor, case)
        assert CaseText.objects.get(case=case).legal_basis == "RPL115_3"
