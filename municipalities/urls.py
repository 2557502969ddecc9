"""Addresses of the organisation, below the tenant's slug."""

from django.urls import path

from municipalities.views import cadence, organisation, pledge, school_holidays

urlpatterns = [
    path("organisation/", organisation.organisation, name="organisation"),
    path("tavshedspligt/", pledge.pledge, name="pledge"),
    path("fora/<id:public_id>/", organisation.forum_detail, name="forum_detail"),
    path("opsaetning/fora/<id:forum_id>/rytme/", cadence.forum_cadence, name="forum_cadence"),
    path("opsaetning/ferier/", school_holidays.holiday_list, name="holiday_list"),
    path("opsaetning/ferier/saedvanlige/", school_holidays.holiday_usual, name="holiday_usual"),
    path("opsaetning/ferier/<id:holiday_id>/", school_holidays.holiday_edit, name="holiday_edit"),
    path("opsaetning/ferier/<id:holiday_id>/fjern/", school_holidays.holiday_remove, name="holiday_remove"),
]
