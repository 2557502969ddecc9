"""Login, logout, password and second factor: allauth's own views, without sign-up and without managing e-mail addresses."""

from allauth.account import views
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from access.views import login_page
from municipalities.views.invitation import open_invitation

urlpatterns = [
    path("login/", login_page, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inaktiv/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("kode/skift/", views.password_change, name="account_change_password"),
    path("kode/vaelg/", RedirectView.as_view(pattern_name="account_reset_password"), name="account_set_password"),  # an account without one: by mail
    path("kode/glemt/", views.password_reset, name="account_reset_password"),
    path("kode/glemt/sendt/", views.password_reset_done, name="account_reset_password_done"),
    path("kode/glemt/faerdig/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(r"^kode/glemt/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", views.password_reset_from_key, name="account_reset_password_from_key"),
    path("invitation/<str:token>/", open_invitation, name="account_invitation"),
    path("2fa/", include("allauth.mfa.urls")),
]
