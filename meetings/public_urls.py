"""Addresses of the public minutes, below «offentlig/»: without a login, and the slug is no tenant's context here."""

from django.urls import path

from meetings.views import public_minutes

urlpatterns = [
    path("<slug:public_slug>/referater/", public_minutes.public_minutes_list, name="public_minutes_list"),
    path("<slug:public_slug>/referater/<id:minutes_id>/", public_minutes.public_minutes, name="public_minutes"),
    path("<slug:public_slug>/referater/<id:minutes_id>/referat.pdf", public_minutes.public_minutes_pdf, name="public_minutes_pdf"),
    path("<slug:public_slug>/referater/<id:minutes_id>/bilag/<id:file_id>/", public_minutes.public_minutes_file, name="public_minutes_file"),
]
