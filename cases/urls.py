from django.urls import path

from cases.views import file, guests, meeting, writing

urlpatterns = [
    path("", file.case_list, name="case_list"),
    path("ny/", writing.case_new, name="case_new"),
    path("aftaler/udfoert/", writing.case_agreement_tick, name="case_agreement_tick"),
    path("runde/<str:public_id>/", meeting.case_round, name="case_round"),
    path("paa-dagsorden/<str:public_id>/", meeting.case_on_agenda, name="case_on_agenda"),
    path("af-dagsorden/<str:public_id>/", meeting.case_off_agenda, name="case_off_agenda"),
    path("gaest/<str:public_id>/tilbagekald/", guests.guest_revoke, name="guest_revoke"),
    path("<str:public_id>/", file.case_detail, name="case_detail"),
    path("<str:public_id>/formaal/", file.case_purpose, name="case_purpose"),
    path("<str:public_id>/luk/", file.case_leave, name="case_leave"),
    path("<str:public_id>/cpr/", file.case_cpr, name="case_cpr"),
    path("<str:public_id>/sag.pdf", file.case_pdf, name="case_pdf"),
    path("<str:public_id>/ret/", writing.case_edit, name="case_edit"),
    path("<str:public_id>/afslut/", writing.case_close, name="case_close"),
    path("<str:public_id>/inddragelse/", writing.case_involvement, name="case_involvement"),
    path("<str:public_id>/aftale/", writing.case_agreement, name="case_agreement"),
    path("<str:public_id>/droeftelse/<str:meeting_id>/", meeting.case_discussion, name="case_discussion"),
    path("<str:public_id>/gaest/<str:meeting_id>/", guests.guest_call, name="guest_call"),
]
