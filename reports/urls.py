from django.urls import path

from reports import views

urlpatterns = [
    path("", views.report_list, name="report_list"),
    path("bestil/", views.report_order, name="report_order"),
    path("<id:public_id>/", views.report_detail, name="report_detail"),
    path("<id:public_id>/igen/", views.report_restart, name="report_restart"),
    path("<id:public_id>/rapport.pdf", views.report_pdf, name="report_pdf"),
]
