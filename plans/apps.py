from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """2-year handleplaner, indsatser, approval."""

    name = "plans"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from access.actor import register_resolver
        from access.roles import Verb
        from access.web import NavEntry, register_nav
        from plans import models, rights

        register_resolver(rights.rights)
        register_nav(NavEntry("plans", "plan_list", "plan", _("Handleplan"), (Verb.VIEW_ORGANISATION,), 40))
        for model in (models.Plan, models.Initiative, models.Milestone, models.Decision, models.PlanVersion):
            auditlog.register(model)
