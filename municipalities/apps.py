from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MunicipalitiesConfig(AppConfig):
    """Tenants, levels, forums, seats, cadences, presets."""

    name = "municipalities"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from access.actor import register_resolver
        from access.roles import Verb
        from access.tenants import register_lister, register_people
        from access.web import NavEntry, register_nav
        from municipalities import models, rights

        register_resolver(rights.rights)
        register_lister(rights.tenants_of)
        register_people(rights.people_of)
        register_nav(NavEntry("organisation", "organisation", "org", _("Organisation"), (Verb.VIEW_ORGANISATION,), 60, desk=True))
        for model in (models.Tenant, models.Level, models.Organisation, models.Forum, models.Seat, models.Appointment, models.SchoolHoliday, models.ConfidentialityPledge):
            auditlog.register(model)
