from django.urls import path

from plans import views

urlpatterns = [
    path("", views.plan_list, name="plan_list"),
    path("ny/", views.plan_new, name="plan_new"),
    path("<id:public_id>/", views.plan_detail, name="plan_detail"),
    path("<id:public_id>/rediger/", views.plan_edit, name="plan_edit"),
    path("<id:public_id>/indsatser/", views.plan_initiatives, name="plan_initiatives"),
    path("<id:public_id>/send/", views.plan_send, name="plan_send"),
    path("<id:public_id>/godkend/", views.plan_approve, name="plan_approve"),
    path("<id:public_id>/ny-version/", views.plan_reopen, name="plan_reopen"),
    path("<id:public_id>/forskel/", views.plan_differences, name="plan_differences"),
    path("<id:public_id>/delmaal/", views.plan_statuses, name="plan_statuses"),
    path("<id:public_id>/opfoelgning/<id:follow_up_id>/", views.plan_follow_up, name="plan_follow_up"),
    path("<id:public_id>/plan.pdf", views.plan_pdf, name="plan_pdf"),
]
