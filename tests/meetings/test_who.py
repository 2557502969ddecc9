"""Who an aftale is made with, as people write it. No database."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from access.models import User
from meetings.who import AmbiguousError, People, WhoError
from municipalities.models import Organisation, Seat


def seat(pk, title, organisation, name=""):
    first, _space, last = name.rpartition(" ")
    user = User(pk=pk, first_name=first, last_name=last, email=f"{pk}@example.org") if name else None
    return Seat(pk=pk, title=title, organisation=Organisation(pk=pk, name=organisation), user=user)


SEATS = [
    seat(1, "SSP-konsulent", "Skole Nord", "Ditte Havmark"), seat(2, "FNT-betjent", "Thy og Mors Politi", "Anders Strandhede"),
    seat(3, "Kontaktperson", "Skole Syd", "Anders Holm"), seat(4, "Kontaktperson", "Skole Vest", "Łukasz Hedelund"), seat(5, "Leder", "Klubben"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def danish():
    with translation.override("da"):
        yield


@pytest.fixture
def people():
    return People(SEATS)


def told(found):
    return [str(one) for one in found]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ditte", ["Ditte Havmark"]), ("dit", ["Ditte Havmark"]), ("havmark", ["Ditte Havmark"]), ("Ditte Havmark", ["Ditte Havmark"]),
        ("Ditte og Anders Holm", ["Ditte Havmark", "Anders Holm"]), ("Ditte, Łukasz & Anders S", ["Ditte Havmark", "Łukasz Hedelund", "Anders Strandhede"]),
        ("Ditte og Ditte Havmark", ["Ditte Havmark"]), ("  DITTE   HAVMARK ", ["Ditte Havmark"]),
        ("SSP-konsulent, Skole Nord", ["SSP-konsulent, Skole Nord"]), ("ssp-konsulent", ["SSP-konsulent, Skole Nord"]),
        ("FNT-betjent, Thy og Mors Politi", ["FNT-betjent, Thy og Mors Politi"]), ("Leder, Klubben", ["Leder, Klubben"]),
        ("SSP-konsulent, Skole Nord (Ditte Havmark)", ["SSP-konsulent, Skole Nord"]),
        ("Ditte og FNT-betjent, Thy og Mors Politi", ["Ditte Havmark", "FNT-betjent, Thy og Mors Politi"]),
        ("Kontaktperson, Skole Syd og Kontaktperson, Skole Vest", ["Kontaktperson, Skole Syd", "Kontaktperson, Skole Vest"]),
    ],
)  # fmt: skip
def test_names_and_seats(people, text, names):
    assert told(people.read(text)) == names


FOREIGN = [
    *SEATS, seat(6, "Leder", "Skole Øst", "Ayşe Şahinbæk"), seat(7, "Lærer", "Skole Øst", "Đorđe Müller"), seat(8, "Lærer", "Skole Nord", "René Åkær"),
    seat(9, "Lærer", "Skole Vest", "Rene Åkær"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ayse", ["Ayşe Şahinbæk"]), ("ayse sahinbæk", ["Ayşe Şahinbæk"]), ("AYŞE", ["Ayşe Şahinbæk"]), ("lukasz", ["Łukasz Hedelund"]), ("Dorde Muller", ["Đorđe Müller"]),
        ("Ayse og Lukasz", ["Ayşe Şahinbæk", "Łukasz Hedelund"]), ("sahin", ["Ayşe Şahinbæk"]), ("Rene Åkær", ["Rene Åkær"]), ("René Åkær", ["René Åkær"]),
        ("Aysę", ["Ayşe Şahinbæk"]), ("Ays\u0327e", ["Ayşe Şahinbæk"]), ("Akær", None), ("sahinbaek", None),
    ],
)  # fmt: skip
def test_a_name_is_found_by_the_letters_that_are_on_a_danish_keyboard(text, names):
    """å and æ are letters of their own here, and stand on every keyboard."""
    if names:
        assert told(People(FOREIGN).read(text)) == names
    else:
        with pytest.raises(WhoError):
            People(FOREIGN).read(text)


def test_a_whole_line_begins_with_such_a_name_and_keeps_the_words_as_they_are():
    line = People(FOREIGN).take_apart("Ayse og Lukasz skriver til René senest fredag")
    assert told(line.who) == ["Ayşe Şahinbæk", "Łukasz Hedelund"] and (line.what, line.due) == ("Skriver til René", "fredag")


def test_two_who_differ_by_a_mark_alone_are_asked_back():
    with pytest.raises(AmbiguousError, match="Rene Åkær eller René Åkær"):
        People(FOREIGN).read("Rene")


@pytest.mark.parametrize(
    ("text", "asked"),
    [("Anders", ["Anders Holm", "Anders Strandhede"]), ("Ditte og ander", ["Anders Holm"]), ("Kontaktperson", ["Skole Syd (Anders Holm)", "Skole Vest"])],
)  # fmt: skip
def test_what_can_be_several_is_asked_back_with_their_names(people, text, asked):
    with pytest.raises(AmbiguousError) as error:
        people.read(text)
    assert all(name in str(error.value) for name in asked)


@pytest.mark.parametrize(("text", "said"), [("Birgit", "birgit"), ("Ditte og Birgit", "birgit"), ("Ditte, skole øst", "skole øst"), ("", "navn"), (" , og ", "navn")])
def test_what_means_nobody_is_said(people, text, said):
    with pytest.raises(WhoError, match=said):
        people.read(text)


def in_days(count):
    return (timezone.localdate() + timedelta(days=count)).isoformat()


@pytest.mark.parametrize(
    ("line", "who", "what", "due"),
    [
        ("Ditte og Anders Holm sender referatet til skolerne senest fredag", ["Ditte Havmark", "Anders Holm"], "Sender referatet til skolerne", "fredag"),
        ("Ditte sender brevet", ["Ditte Havmark"], "Sender brevet", ""),
        ("Ditte Havmark ringer til klubben i morgen.", ["Ditte Havmark"], "Ringer til klubben", "i morgen"),
        ("SSP-konsulent, Skole Nord: ringer til klubben uge 48", ["SSP-konsulent, Skole Nord"], "Ringer til klubben", "uge 48"),
        ("FNT-betjent, Thy og Mors Politi ringer hjem inden 20/11", ["FNT-betjent, Thy og Mors Politi"], "Ringer hjem", "20/11"),
        ("Ditte, Łukasz: finder tid, sted og oplæg", ["Ditte Havmark", "Łukasz Hedelund"], "Finder tid, sted og oplæg", ""),
        ("Ditte skriver: kom til møde", ["Ditte Havmark"], "Skriver: kom til møde", ""),
        ("Leder, Klubben: åbner kl. 18:30", ["Leder, Klubben"], "Åbner kl. 18:30", ""),
    ],
)  # fmt: skip
def test_a_whole_line(people, line, who, what, due):
    found = people.take_apart(line)
    assert (told(found.who), found.what, found.due) == (who, what, due)


@pytest.mark.parametrize("line", ["Nogen sender brevet", "Sender brevet", "Anders sender brevet", "Ditte og Birgit sender brevet", "Birgit: sender", "Anders: sender"])
def test_a_line_drops_nobody_in_silence(people, line):
    with pytest.raises(WhoError):
        people.take_apart(line)


def test_the_field_offers_names_and_seats(people):
    assert people.completions[:4] == ["Ditte Havmark", "Anders Strandhede", "Anders Holm", "Łukasz Hedelund"]
    assert "Leder, Klubben" in people.completions and len(people.completions) == 9
