"""Addresses of the mails, below the tenant's slug and «mails/»."""

from django.urls import path

from access import mail_views

urlpatterns = [
    path("", mail_views.mail_list, name="mail_list"),
    path("valg/", mail_views.mail_choices, name="mail_choices"),
    path("alle/", mail_views.tenant_mails, name="tenant_mails"),
]
