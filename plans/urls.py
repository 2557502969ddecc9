from django.urls import path

from plans import views

urlpatterns = [
    path("", views.plan_list, name="plan_list"),
    path("ny/", views.plan_new, name="plan_new"),
    path("<str:public_id>/", views.plan_detail, name="plan_detail"),
    path("<str:public_id>/rediger/", views.plan_edit, name="plan_edit"),
    path("<str:public_id>/indsatser/", views.plan_initiatives, name="plan_initiatives"),
    path("<str:public_id>/send/", views.plan_send, name="plan_send"),
    path("<str:public_id>/godkend/", views.plan_approve, name="plan_approve"),
    path("<str:public_id>/ny-version/", views.plan_reopen, name="plan_reopen"),
    path("<str:public_id>/forskel/", views.plan_differences, name="plan_differences"),
    path("<str:public_id>/delmaal/", views.plan_statuses, name="plan_statuses"),
    path("<str:public_id>/opfoelgning/<int:pk>/", views.plan_follow_up, name="plan_follow_up"),
    path("<str:public_id>/plan.pdf", views.plan_pdf, name="plan_pdf"),
]
