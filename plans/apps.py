from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """2-year handleplaner, indsatser, approval."""

    name = "plans"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from access.actor import register_resolver
        from access.log_lines import register_log_name
        from access.roles import Verb
        from access.web import NavEntry, register_nav
        from meetings.fillers import register_filler
        from meetings.models import Fill
        from meetings.parts import MeetingPart, WeekPart, register_counter, register_meeting_part, register_week_part
        from municipalities.parts import ForumPart, register_forum_part
        from municipalities.presets import PresetLoader, register_preset_loader
        from municipalities.sharing import register_shareable
        from municipalities.term_uses import register_holder
        from municipalities.terms import term
        from plans import cooperation_parts, function_parts, models, parts, presets, rights, sharing, term_holders, wording

        register_resolver(rights.rights)
        register_shareable(sharing.SHAREABLE)
        for holder in term_holders.HOLDERS:
            register_holder(holder)
        for section, load in (("plan_template", presets.load_plan_template), ("catalogue", presets.load_catalogue), ("functions", presets.load_functions)):
            register_preset_loader(PresetLoader(section, load))
        register_filler(Fill.PLAN_FOLLOW_UPS, parts.follow_ups_due)
        register_nav(NavEntry("plans", "plan_list", "plan", lambda tenant: term(tenant.terms, "plan", start=True), (Verb.VIEW_ORGANISATION,), 40))
        register_counter(parts.counted)
        for label, name in wording.IN_THE_LOG.items():
            register_log_name(label, name)
        register_week_part(WeekPart("side", 6, "plans/_week_first_plan.html", parts.first_plan))
        register_week_part(WeekPart("side", 10, "plans/_week_waiting.html", parts.waiting))
        register_week_part(WeekPart("side", 60, "plans/_week_catalogue.html", parts.catalogue_due, parts.catalogue_read))
        register_week_part(WeekPart("main", 40, "plans/_week_milestones.html", parts.next_milestones, parts.milestones_read))
        register_nav(NavEntry("cooperation", "cooperation_list", "plan", "Samarbejdsplan", (Verb.VIEW_ORGANISATION,), 45, desk=True, shown=cooperation_parts.has_one))
        register_nav(NavEntry("functions", "function_list", "rep", "Funktionsbeskrivelser", (Verb.WRITE_MINUTES, Verb.MANAGE_TENANT), 64, desk=True))
        register_nav(NavEntry("catalogue", "catalogue_list", "list", _("Catalogue"), (Verb.VIEW_ORGANISATION,), 42, desk=True, shown=lambda tenant: tenant.is_kommune))
        register_week_part(WeekPart("side", 5, "plans/_week_cooperation.html", cooperation_parts.overdue))
        register_week_part(WeekPart("side", 12, "plans/_week_functions.html", function_parts.waiting_for_leader, function_parts.leader_read))
        register_forum_part(ForumPart("main", 30, "plans/_forum_functions.html", function_parts.forum_part))
        register_meeting_part(MeetingPart("plans/_meeting_functions.html", function_parts.meeting_part, function_parts.meeting_read))
        written = (models.CooperationPlan, models.CooperationVersion, models.FunctionDescription, models.FunctionRecord, models.FunctionVersion, models.CatalogueEntry)
        for model in (models.Plan, models.Initiative, models.Milestone, models.Decision, models.PlanVersion, models.FollowUp, *written):
            auditlog.register(model)
