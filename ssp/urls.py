"""Every address of the product. A tenant's pages start with its slug; the slug decides the tenant of the request."""

from django.urls import include, path
from django.views.i18n import set_language

from access.views import choose_tenant, demo_login
from meetings.views.feed import calendar_feed
from plans.cooperation_urls import public_urlpatterns
from ssp.health import healthz

tenant_pages = [
    path("", include("meetings.urls")),
    path("", include("municipalities.urls")),
    path("sager/", include("cases.urls")),
    path("handleplaner/", include("plans.urls")),
    path("funktionsbeskrivelser/", include("plans.function_urls")),
    path("katalog/", include("plans.catalogue_urls")),
    path("samarbejdsplan/", include("plans.cooperation_urls")),
    path("rapporter/", include("reports.urls")),
    path("adgangslog/", include("access.urls")),
    path("mails/", include("access.mail_urls")),
]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("konto/demo/", demo_login, name="demo_login"),
    path("konto/sprog/", set_language, name="set_language"),
    path("konto/", include("ssp.account_urls")),
    path("opret-kommune/", include("municipalities.set_up_urls")),
    path("", choose_tenant, name="choose_tenant"),
    path("kalender/<str:token>.ics", calendar_feed, name="feed_calendar"),
    path("offentlig/", include(public_urlpatterns)),
    path("offentlig/", include("meetings.public_urls")),
    path("<slug:slug>/", include(tenant_pages)),
]
