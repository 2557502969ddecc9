from django.urls import path

from cases.views import agreement, attachment, file, guests, meeting, on_agenda, recusal, writing

urlpatterns = [
    path("", file.case_list, name="case_list"),
    path("ny/", writing.case_new, name="case_new"),
    path("aftaler/udfoert/", agreement.case_agreement_tick, name="case_agreement_tick"),
    path("aftaler/overdrag/", agreement.case_agreement_hand_over, name="case_agreement_hand_over"),
    path("runde/<id:public_id>/", meeting.case_round, name="case_round"),
    path("paa-dagsorden/<id:public_id>/", on_agenda.case_on_agenda, name="case_on_agenda"),
    path("af-dagsorden/<id:public_id>/", on_agenda.case_off_agenda, name="case_off_agenda"),
    path("gaest/<id:meeting_id>/kalender.ics", guests.guest_ics, name="guest_ics"),
    path("gaest/<id:public_id>/tilbagekald/", guests.guest_revoke, name="guest_revoke"),
    path("<id:public_id>/", file.case_detail, name="case_detail"),
    path("<id:public_id>/formaal/", file.case_purpose, name="case_purpose"),
    path("<id:public_id>/luk/", file.case_leave, name="case_leave"),
    path("<id:public_id>/cpr/", file.case_cpr, name="case_cpr"),
    path("<id:public_id>/sag.pdf", file.case_pdf, name="case_pdf"),
    path("<id:public_id>/ret/", writing.case_edit, name="case_edit"),
    path("<id:public_id>/afslut/", writing.case_close, name="case_close"),
    path("<id:public_id>/slettefrist/", writing.case_deletion, name="case_deletion"),
    path("<id:public_id>/inhabil/", recusal.case_recusal, name="case_recusal"),
    path("<id:public_id>/inhabil/ophaev/", recusal.case_admit, name="case_admit"),
    path("<id:public_id>/inddragelse/", writing.case_involvement, name="case_involvement"),
    path("<id:public_id>/aftale/", agreement.case_agreement, name="case_agreement"),
    path("<id:public_id>/aftale/<id:case_agreement_id>/", agreement.case_agreement_detail, name="case_agreement_detail"),
    path("<id:public_id>/aftale/<id:case_agreement_id>/overdrag/", agreement.case_agreement_pass_on, name="case_agreement_pass_on"),
    path("<id:public_id>/droeftelse/<id:meeting_id>/", meeting.case_discussion, name="case_discussion"),
    path("<id:public_id>/droeftelse/<id:meeting_id>/bilag/", attachment.case_attachments, name="case_attachments"),
    path("<id:public_id>/bilag/<id:case_attachment_id>/", attachment.case_attachment, name="case_attachment"),
    path("<id:public_id>/bilag/<id:case_attachment_id>/fjern/", attachment.case_attachment_remove, name="case_attachment_remove"),
    path("<id:public_id>/gaest/<id:meeting_id>/", guests.guest_call, name="guest_call"),
]
