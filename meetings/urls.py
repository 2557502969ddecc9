from django.urls import path

from meetings.views import agenda, meeting, minutes, recusal, search, week

urlpatterns = [
    path("", week.week, name="week"),
    path("moeder/", meeting.meeting_list, name="meeting_list"),
    path("moeder/nyt/", meeting.meeting_new, name="meeting_new"),
    path("moeder/<id:public_id>/", agenda.meeting_detail, name="meeting_detail"),
    path("moeder/<id:public_id>/ret/", meeting.meeting_edit, name="meeting_edit"),
    path("moeder/<id:public_id>/indkald/", meeting.meeting_call, name="meeting_call"),
    path("moeder/<id:public_id>/aflys/", meeting.meeting_cancel, name="meeting_cancel"),
    path("moeder/<id:public_id>/svar/", meeting.meeting_reply, name="meeting_reply"),
    path("moeder/<id:public_id>/kalender.ics", meeting.meeting_ics, name="meeting_ics"),
    path("moeder/<id:public_id>/dagsorden.pdf", agenda.meeting_agenda_pdf, name="meeting_agenda_pdf"),
    path("moeder/<id:public_id>/punkter/", agenda.item_add, name="item_add"),
    path("moeder/<id:public_id>/punkter/<id:item_id>/", agenda.item_edit, name="item_edit"),
    path("moeder/<id:public_id>/punkter/<id:item_id>/flyt/", agenda.item_move, name="item_move"),
    path("moeder/<id:public_id>/punkter/<id:item_id>/fjern/", agenda.item_remove, name="item_remove"),
    path("moeder/<id:public_id>/punkter/<id:item_id>/inhabil/", recusal.item_recusal, name="item_recusal"),
    path("moeder/<id:public_id>/punkter/<id:item_id>/inhabil/ophaev/", recusal.item_admit, name="item_admit"),
    path("moeder/<id:public_id>/referat/", minutes.meeting_minutes, name="meeting_minutes"),
    path("moeder/<id:public_id>/referat.pdf", minutes.meeting_minutes_pdf, name="meeting_minutes_pdf"),
    path("moeder/<id:public_id>/referat/<id:item_id>/", minutes.item_text, name="item_text"),
    path("moeder/<id:public_id>/referat/<id:item_id>/aftale/", minutes.agreement_add, name="agreement_add"),
    path("moeder/<id:public_id>/referat/<id:item_id>/rettelse/", minutes.correction_add, name="correction_add"),
    path("moeder/<id:public_id>/fremmoede/", minutes.presence_note, name="presence_note"),
    path("moeder/<id:public_id>/afslut/", minutes.meeting_close, name="meeting_close"),
    path("moeder/<id:public_id>/godkend/", minutes.meeting_approve, name="meeting_approve"),
    path("soeg/", search.search_minutes, name="search_minutes"),
    path("aftaler/", week.agreement_list, name="agreement_list"),
    path("aftaler/udfoert/", week.agreement_tick, name="agreement_tick"),
]
