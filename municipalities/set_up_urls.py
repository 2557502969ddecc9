"""Addresses of setting a kommune up: outside every kommune, below «opret-kommune/»."""

from django.urls import path

from municipalities.views import operator_appointments, set_up

urlpatterns = [
    path("", set_up.choose_preset, name="set_up_choose"),
    path("udpeg/<slug:tenant>/", operator_appointments.operator_appoint, name="operator_appoint"),
    path("<slug:preset>/", set_up.set_up, name="set_up_kommune"),
]
