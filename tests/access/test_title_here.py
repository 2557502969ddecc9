"""The head of each page says what its reader is in this kommune."""

from access.actor import Actor, SeatLabel
from access.models import User
from access.roles import AppointmentRole
from access.web import title_here


def test_the_seat_he_has_most_often_then_his_appointment_and_nothing_for_a_guest():
    seats = (SeatLabel(0, "ADMIN"), SeatLabel(4, "Skoleleder, Skolen"), SeatLabel(7, "Formand, Skolen"), SeatLabel(9, "Formand, Skolen"))
    assert title_here(Actor(seats=seats)) == "Formand, Skolen · IT-administrator"
    assert title_here(Actor(seats=(SeatLabel(0, "DPO"),))) == str(AppointmentRole.DPO.label)
    assert title_here(Actor(seats=(SeatLabel(0, "Gæst"),))) == title_here(Actor()) == ""


def test_a_title_from_elsewhere_is_not_what_one_is_here(cast, visit):
    User.objects.filter(pk__in=[cast.konsulent.pk, cast.it.pk]).update(title="Kontorchef i en anden kommune")
    for person, said in ((cast.konsulent, "SSP-konsulent, "), (cast.it, "IT-administrator")):
        html = visit(person).get("/thisted/organisation/").content.decode()
        assert "Kontorchef i en anden kommune" not in html and f'<span class="xs mute">{said}' in html
