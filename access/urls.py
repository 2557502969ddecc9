"""Addresses of the access log, below the tenant's slug and «adgangslog/»."""

from django.urls import path

from access import views

urlpatterns = [path("", views.access_log, name="access_log")]
