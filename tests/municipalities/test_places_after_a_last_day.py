"""The migration that leaves the places vacant whose holder had been given a last day before: what it meets in a kommune that has been used."""

from importlib import import_module

import pytest
from django.apps import apps

from municipalities.actions import forum_group_name, forum_rights
from municipalities.models import ForumGroupPermission, Seat

migration = import_module("municipalities.migrations.0016_places_after_a_last_day")
pytestmark = pytest.mark.django_db


def test_a_chair_who_got_his_duties_in_the_chair_leaves_a_place_that_nobody_has_had_like_it(cast, as_actor):
    """The group of what the place is without him has to be made, with its rights."""
    with as_actor(cast.it):
        seat = Seat.objects.current().select_related("forum", "group").filter(forum__key="styregruppe", user=cast.fnt).get()
        seat.role_before, seat.group.name = "CONTACT", forum_group_name(seat.forum_id, "CHAIR", ["CHAIR", "CONVENE", "MINUTES"])
        group_id = migration._place(apps, seat)["group_id"]
        given = ForumGroupPermission.objects.filter(content_object=seat.forum, group=group_id).values_list("permission__codename", flat=True)
        assert set(given) == set(forum_rights(seat.forum, forum_group_name(seat.forum_id, "CONTACT", ["CHAIR", "CONVENE", "MINUTES"])))


def test_a_pupils_place_does_not_come_back_to_a_forum_that_has_got_person_data(cast, as_actor):
    with as_actor(cast.it):
        seat = Seat.objects.current().select_related("forum", "organisation").filter(forum__key="p115").first()
        assert not migration._is_kept_out(seat)
        seat.role = "PUPIL"
        assert migration._is_kept_out(seat)
