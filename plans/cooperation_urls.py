"""Addresses of the samarbejdsplan, below the tenant's slug and «samarbejdsplan/»."""

from django.urls import path

from plans import cooperation_views as views

urlpatterns = [
    path("", views.cooperation_list, name="cooperation_list"),
    path("ny/", views.cooperation_begin, name="cooperation_begin"),
    path("<int:year>/", views.cooperation_detail, name="cooperation_detail"),
    path("<int:year>/rediger/", views.cooperation_edit, name="cooperation_edit"),
    path("<int:year>/trin/", views.cooperation_step, name="cooperation_step"),
    path("<int:year>/plan.pdf", views.cooperation_pdf, name="cooperation_pdf"),
]

# without a login: the slug is no tenant's context here, see plans.cooperation.public_version
public_urlpatterns = [
    path("<slug:public_slug>/samarbejdsplan/<int:year>/", views.public_cooperation, name="public_cooperation"),
    path("<slug:public_slug>/samarbejdsplan/<int:year>/plan.pdf", views.public_cooperation_pdf, name="public_cooperation_pdf"),
]
