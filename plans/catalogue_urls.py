"""Addresses of the catalogue, below the tenant's slug and «katalog/»."""

from django.urls import path

from plans import catalogue_views as views

urlpatterns = [
    path("", views.catalogue_list, name="catalogue_list"),
    path("ny/", views.catalogue_new, name="catalogue_new"),
    path("<id:public_id>/rediger/", views.catalogue_edit, name="catalogue_edit"),
    path("<id:public_id>/slet/", views.catalogue_remove, name="catalogue_remove"),
]
