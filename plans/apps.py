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
        from meetings.parts import WeekPart, register_week_part
        from municipalities.presets import PresetLoader, register_preset_loader
        from plans import models, parts, presets, rights

        register_resolver(rights.rights)
        register_preset_loader(PresetLoader("plan_template", presets.load_plan_template))
        register_nav(NavEntry("plans", "plan_list", "plan", _("Handleplan"), (Verb.VIEW_ORGANISATION,), 40))
        register_week_part(WeekPart("side", 10, "plans/_week_waiting.html", parts.waiting))
        register_week_part(WeekPart("main", 40, "plans/_week_milestones.html", parts.next_milestones))
        for model in (models.Plan, models.Initiative, models.Milestone, models.Decision, models.PlanVersion, models.FollowUp):
            auditlog.register(model)
