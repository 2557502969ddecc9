"""Addresses of the organisation, below the tenant's slug."""

from django.urls import path

from municipalities.views import cadence, export, organisation, people, people_import, pledge, school_holidays, sharing, sparring

urlpatterns = [
    path("organisation/", organisation.organisation, name="organisation"),
    path("tavshedspligt/", pledge.pledge, name="pledge"),
    path("organisation/tidligere-fora/", organisation.former_forums, name="former_forums"),
    path("fora/<id:public_id>/", organisation.forum_detail, name="forum_detail"),
    path("opsaetning/personer/", people.person_list, name="person_list"),
    path("opsaetning/personer/inviter/", people.person_invite, name="person_invite"),
    path("opsaetning/personer/import/", people_import.people_import, name="people_import"),
    path("opsaetning/personer/import/skabelon/", people_import.people_import_template, name="people_import_template"),
    path("opsaetning/personer/import/<id:import_id>/", people_import.people_import_rows, name="people_import_rows"),
    path("opsaetning/personer/import/<id:import_id>/bekraeft/", people_import.people_import_confirm, name="people_import_confirm"),
    path("opsaetning/personer/import/<id:import_id>/kasser/", people_import.people_import_discard, name="people_import_discard"),
    path("opsaetning/personer/<id:person_id>/", people.person_detail, name="person_detail"),
    path("opsaetning/personer/<id:person_id>/send-igen/", people.person_send_again, name="person_send_again"),
    path("opsaetning/personer/<id:person_id>/afslut/", people.person_end, name="person_end"),
    path("opsaetning/fora/<id:forum_id>/rytme/", cadence.forum_cadence, name="forum_cadence"),
    path("opsaetning/ferier/", school_holidays.holiday_list, name="holiday_list"),
    path("opsaetning/ferier/saedvanlige/", school_holidays.holiday_usual, name="holiday_usual"),
    path("opsaetning/ferier/<id:holiday_id>/", school_holidays.holiday_edit, name="holiday_edit"),
    path("opsaetning/ferier/<id:holiday_id>/fjern/", school_holidays.holiday_remove, name="holiday_remove"),
    path("deling/", sharing.sharing_list, name="sharing_list"),
    path("deling/del/", sharing.sharing_share, name="sharing_share"),
    path("deling/<id:public_id>/", sharing.sharing_detail, name="sharing_detail"),
    path("deling/<id:public_id>/tag-tilbage/", sharing.sharing_withdraw, name="sharing_withdraw"),
    path("kommuner/", sharing.kreds_overview, name="kreds_overview"),
    path("kommuner/<id:public_id>/", sharing.kreds_release, name="kreds_release"),
    path("sparring/", sparring.sparring_page, name="sparring"),
    path("sparring/opsaet/", sparring.sparring_edit, name="sparring_edit"),
    path("sparring/<id:call_id>/besvaret/", sparring.sparring_answered, name="sparring_answered"),
    path("eksport/", export.export_list, name="export_list"),
    path("eksport/<id:public_id>/", export.export_detail, name="export_detail"),
    path("eksport/<id:public_id>/bekraeft/", export.export_confirm, name="export_confirm"),
    path("eksport/<id:public_id>/afblaes/", export.export_cancel, name="export_cancel"),
    path("eksport/<id:public_id>/igen/", export.export_restart, name="export_restart"),
    path("eksport/<id:public_id>/fil/", export.export_file, name="export_file"),
]
