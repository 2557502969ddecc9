"""The purpose gate: asked once for each case, for 20 idle minutes, and one log row for each page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.models import ASKED_PURPOSES, LogEntry
from cases.opening import SESSION_KEY
from tests.cases.conftest import reads


def age(client, known, minutes):
    """Let the purpose lie unused for so many minutes."""
    session = client.session
    session[SESSION_KEY][known.case.public_id][3] = (timezone.now() - timedelta(minutes=minutes)).timestamp()
    session.save()


def test_without_a_purpose_the_case_leads_to_the_gate_and_shows_nobody(cast, visit, noah, log):
    before = len(reads(log()))
    response = visit(cast.konsulent).get(noah.url, follow=True)
    assert response.redirect_chain[0][0].startswith(noah.url + "formaal/")
    assert response.status_code == 200 and not noah.is_shown_in(response)
    assert len(reads(log())) == before


def test_the_gate_offers_exactly_the_closed_list(cast, visit, noah):
    form = visit(cast.konsulent).get(noah.url + "formaal/").context["form"]
    assert [value for value, _label in form.fields["purpose"].choices] == [purpose.value for purpose in ASKED_PURPOSES]


def test_the_gate_tells_that_it_is_logged_and_what_the_law_forbids(cast, visit, noah):
    page = visit(cast.konsulent).get(noah.url + "formaal/").content.decode()
    assert "adgangsloggen" in page and "efterforske straffesager" in page


@pytest.mark.parametrize(
    "data",
    [
        {}, {"purpose": "investigation"}, {"purpose": "data_load"}, {"purpose": "other"}, {"purpose": "other", "note": "  "},
        {"purpose": "meeting", "note": "om 010203-1234"}, {"purpose": "meeting", "note": "x" * 301},
    ],
)  # fmt: skip
def test_what_is_no_purpose_opens_nothing(cast, visit, noah, data):
    client = visit(cast.konsulent)
    assert client.post(noah.url + "formaal/", data).status_code == 422
    assert client.get(noah.url).status_code == 302


def test_each_page_writes_one_row_that_names_the_person_the_purpose_and_the_seat(cast, through_gate, noah, log):
    client = through_gate(cast.konsulent, noah, "other", note="Skolen har ringet")
    before = len(log())
    assert noah.is_shown_in(client.get(noah.url))
    (row,) = log()[before:]
    assert (row.action, row.subjects, row.object_id, row.actor_id) == (LogEntry.Action.VIEW, [noah.case.person_id], noah.case.pk, cast.konsulent.pk)
    assert (row.purpose, row.note, row.route) == ("other", "Skolen har ringet", "case_detail")
    assert row.seat.startswith("SSP-konsulent")


def test_after_twenty_idle_minutes_it_asks_again(cast, through_gate, noah):
    client = through_gate(cast.konsulent, noah)
    age(client, noah, 19)
    assert client.get(noah.url).status_code == 200
    age(client, noah, 21)
    assert client.get(noah.url).status_code == 302


def test_use_keeps_the_purpose_alive(cast, through_gate, noah):
    client = through_gate(cast.konsulent, noah)
    age(client, noah, 15)
    client.get(noah.url)
    assert timezone.now().timestamp() - client.session[SESSION_KEY][noah.case.public_id][3] < 60


def test_an_idle_purpose_does_not_show_the_number(cast, through_gate, noah):
    client = through_gate(cast.konsulent, noah)
    age(client, noah, 21)
    assert client.post(noah.url + "cpr/").status_code == 302


def test_what_was_typed_before_the_time_ran_out_can_still_be_saved(cast, through_gate, noah):
    client = through_gate(cast.konsulent, noah)
    age(client, noah, 30)
    data = {"party": "PARENTS", "status": "ASKED", "on": timezone.localdate().isoformat(), "note": "Ringet"}
    saved = client.post(noah.url + "inddragelse/", data, follow=True)
    assert saved.redirect_chain[-1][0].startswith(noah.url + "formaal/")  # saved, and asked again before anything is shown
    assert not noah.is_shown_in(saved)


def test_what_cannot_be_saved_after_the_time_ran_out_does_not_show_the_case(cast, through_gate, noah):
    client = through_gate(cast.konsulent, noah)
    age(client, noah, 21)
    data = {"party": "PARENTS", "status": "ASKED", "on": "hvornår", "note": "Ringet"}
    page = client.post(noah.url + "inddragelse/", data)
    shown = page.content.decode()
    assert page.status_code == 409 and not noah.is_shown_in(page) and 'name="formaal-purpose"' in shown and 'value="Ringet"' in shown
    answered = client.post(noah.url + "inddragelse/", {**data, "on": timezone.localdate().isoformat(), "formaal-purpose": "meeting"}, follow=True)
    assert answered.status_code == 200 and noah.is_shown_in(answered)  # saved, and open again


def test_without_any_purpose_nothing_can_be_sent(cast, visit, noah):
    """What was written waits in the page that asks for the purpose; the case is not opened, and nothing is noted."""
    client = visit(cast.konsulent)
    page = client.post(noah.url + "inddragelse/", {"party": "PARENTS", "status": "ASKED", "on": "2026-01-01"})
    assert page.status_code == 409 and not noah.is_shown_in(page) and 'name="formaal-purpose"' in page.content.decode()
    assert client.get(noah.url).status_code == 302


def test_a_number_that_was_written_is_asked_for_again_and_does_not_come_back_in_the_page(cast, visit, noah):
    client = visit(cast.konsulent)
    page = client.post(noah.url + "ret/", {"name": '"><script>', "cpr": "010203-1234", "csrfmiddlewaretoken": "x"})
    shown = page.content.decode()
    assert page.status_code == 409 and "010203" not in shown and "<script>\"" not in shown and "&quot;&gt;&lt;script&gt;" in shown
    assert shown.count('name="cpr"') == 1 and "Skriv det igen" in shown
    assert 'name="cpr"' not in client.post(noah.url + "ret/", {"name": "Et navn", "cpr": ""}).content.decode()


def test_a_purpose_is_for_one_case(cast, through_gate, noah, know):
    assert through_gate(cast.konsulent, noah).get(know("017").url).status_code == 302


def test_leaving_the_case_closes_it(cast, through_gate, noah):
    client = through_gate(cast.konsulent, noah)
    assert client.post(noah.url + "luk/").status_code == 302
    assert client.get(noah.url).status_code == 302


def test_logging_out_clears_every_purpose(cast, through_gate, noah):
    client = through_gate(cast.konsulent, noah)
    client.logout()
    client.enter(cast.konsulent)
    assert client.get(noah.url).status_code == 302


def test_the_session_holds_no_person_data(cast, through_gate, noah):
    client = through_gate(cast.konsulent, noah)
    client.get(noah.url)
    assert noah.name not in str(dict(client.session)) and noah.case.number not in str(dict(client.session))


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org/", "/thisted/sager/\\example.org", "/konto/logout/", "javascript:alert(1)"])
def test_the_gate_leads_only_to_our_own_cases(cast, visit, noah, wanted):
    response = visit(cast.konsulent).post(noah.url + "formaal/", {"purpose": "meeting", "next": wanted})
    assert response["Location"].startswith("/thisted/sager/")


def test_a_page_of_a_case_is_kept_nowhere(cast, through_gate, noah):
    response = through_gate(cast.konsulent, noah).get(noah.url)
    assert response["Cache-Control"] == "no-store" and 'hx-history="false"' in response.content.decode()


def test_no_purpose_is_chosen_beforehand(cast, visit, noah):
    """What stands in the log is what somebody said: pressing the button alone opens nothing. The way back is the list."""
    client, url = visit(cast.konsulent), noah.url + "formaal/"
    page = client.get(url).content.decode()
    assert " checked" not in page and 'href="/thisted/sager/"' in page
    refused = client.post(url, {"next": ""})
    assert refused.status_code == 422 and "Vælg, hvorfor du åbner sagen." in refused.content.decode()
    assert client.get(noah.url).status_code == 302
