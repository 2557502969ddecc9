"""Addresses of the organisation, below the tenant's slug."""

from django.urls import path

from municipalities import views

urlpatterns = [
    path("organisation/", views.organisation, name="organisation"),
    path("fora/<id:public_id>/", views.forum_detail, name="forum_detail"),
]
