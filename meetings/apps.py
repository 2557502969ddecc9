from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Meetings, agendas, attendance, minutes, agreements. No data about a child, by construction."""

    name = "meetings"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from access.actor import register_resolver
        from access.doors import register_door
        from access.roles import Verb
        from access.web import Finder, NavEntry, OwnLink, register_finder, register_nav, register_own_link
        from meetings import (
            approvals,
            cadence_warnings,
            figures,
            fillers,
            former_invited,
            handing_over,
            handovers,
            kreds_decisions,
            models,
            parts,
            presets,
            proposals,
            reminders,
            rights,
            sharing,
            tasks,  # noqa: F401  # registers the jobs, also in the web process that orders them
            term_holders,
            without_seat,
        )
        from municipalities import access_review, appointment_wishes, class_changes, export_parts, first_steps
        from municipalities.figures import register_forum_figures
        from municipalities.parts import ForumPart, register_forum_part, register_standing_agendas
        from municipalities.presets import PresetLoader, register_preset_loader
        from municipalities.seat_endings import register_seat_ending
        from municipalities.sharing import register_shareable
        from municipalities.term_uses import register_holder

        register_nav(NavEntry("week", "week", "week", _("My week"), (), 10))
        register_nav(NavEntry("meetings", "meeting_list", "meet", _("Meetings"), (Verb.VIEW_ORGANISATION,), 20))
        register_finder(Finder("search_minutes", _("Search in meetings and agreements"), Verb.VIEW_AGENDA))
        register_own_link(OwnLink("calendar_page", "week", _("Meetings in my calendar")))
        register_resolver(rights.rights)
        register_door("invited", former_invited.is_invited)
        register_seat_ending(former_invited.leave)
        auditlog.register(models.Meeting)
        auditlog.register(models.ItemRecusal)
        auditlog.register(models.ItemAbsence)
        auditlog.register(models.Attendance)
        # how often a calendar fetches is no change of his; the hash says nothing to anybody
        auditlog.register(models.CalendarFeed, exclude_fields=["fetched_at", "noted_at", "noted_digest"], mask_fields=["token_hash"], mask_callable="access.log.hide")
        auditlog.register(models.AgreementParty)
        auditlog.register(models.MeetingBook, exclude_fields=["progress", "step", "touched_at", "in_hand", "stumbled", "contents", "left_out", "book_key"])
        # the log is never erased: it says that a text was changed, not what somebody may have written into it by mistake
        masked = {
            models.AgendaItem: ["title", "presenter", "text", "decision"], models.AgendaTemplate: ["name"], models.AgendaTemplateItem: ["title", "presenter"],
            models.Agreement: ["what"], models.AgreementStep: ["remark"], models.CorrectionNote: ["text"],
            models.Attachment: ["name"], models.PublicMinutes: ["content"], models.PublicAttachment: ["name"],
            models.ItemProposal: ["title", "text", "sentence"], models.Handover: ["title", "text", "answer"], models.KredsDecision: ["title", "text"],
        }  # fmt: skip
        known: dict[type, list[str]] = {models.AgendaItem: ["saved_by", "saved_at"]}  # the entry has both already
        for model, texts in masked.items():
            auditlog.register(model, mask_fields=texts, mask_callable="access.log.hide", exclude_fields=known.get(model, []))
        parts.register_week_part(parts.WeekPart("main", 1, "municipalities/_week_pledge.html", parts.owed_pledge))
        parts.register_week_part(parts.WeekPart("main", 1, "municipalities/_week_first_steps.html", first_steps.week_part, first_steps.week_read))
        parts.register_week_part(parts.WeekPart("main", 2, "meetings/_week_without_seat.html", without_seat.week_part))
        parts.register_week_part(parts.WeekPart("side", 3, "meetings/_week_minutes.html", approvals.week_part, approvals.closed_read))
        parts.register_week_part(parts.WeekPart("side", 4, "meetings/_week_handovers.html", handovers.week_part, handovers.week_read))
        parts.register_week_part(parts.WeekPart("side", 5, "municipalities/_week_reviews.html", access_review.overdue_part))
        parts.register_week_part(parts.WeekPart("side", 4, "municipalities/_week_class_changes.html", class_changes.waiting_part, class_changes.waiting_read))
        parts.register_week_part(parts.WeekPart("side", 4, "municipalities/_week_appointments.html", appointment_wishes.waiting_part, appointment_wishes.waiting_read))
        parts.register_week_part(parts.WeekPart("side", 2, "municipalities/_week_exports.html", export_parts.week_part))
        reminders.register_reminder_source(reminders.OWN)
        register_preset_loader(PresetLoader("agenda_templates", presets.load_agendas))
        register_shareable(sharing.SHAREABLE)
        for holder in term_holders.HOLDERS:
            register_holder(holder)
        fillers.register_filler(models.Fill.LAST_MINUTES, fillers.last_minutes)
        fillers.register_filler(models.Fill.OPEN_AGREEMENTS, fillers.open_agreements, fillers.open_agreements_read)
        fillers.register_filler(models.Fill.NEXT_MEETING, fillers.next_meeting)
        parts.register_meeting_part(parts.MeetingPart("meetings/_meeting_proposals.html", proposals.meeting_part, proposals.meeting_read))
        fillers.register_filler(models.Fill.HANDOVER_ABOVE, handovers.from_above, handovers.above_read)
        fillers.register_filler(models.Fill.HANDOVER_ABOVE, kreds_decisions.from_kreds)
        fillers.register_filler(models.Fill.HANDOVER_BELOW, handovers.from_below, handovers.below_read)
        parts.register_meeting_part(parts.MeetingPart("meetings/_meeting_handovers.html", handovers.meeting_part, handovers.meeting_read))
        parts.register_meeting_part(parts.MeetingPart("meetings/_meeting_kreds_decisions.html", kreds_decisions.meeting_part))
        parts.register_meeting_part(parts.MeetingPart("meetings/_meeting_from_kreds.html", kreds_decisions.beside_part))
        register_forum_figures(figures.figures_by_forum)
        register_forum_part(ForumPart("first", 5, "meetings/_forum_plan.html", cadence_warnings.forum_plan))
        parts.register_week_part(parts.WeekPart("side", 5, "meetings/_week_cadence.html", cadence_warnings.week_warnings, cadence_warnings.warnings_read))
        register_forum_part(ForumPart("first", 10, "meetings/_forum_next.html", figures.next_meeting))
        register_forum_part(ForumPart("first", 7, "meetings/_forum_orphans.html", handing_over.forum_part))
        register_forum_part(ForumPart("main", 10, "meetings/_forum_latest.html", figures.latest_meetings))
        register_forum_part(ForumPart("side", 10, "meetings/_forum_agenda.html", figures.standing_agenda))
        register_forum_part(ForumPart("setup", 10, "meetings/_forum_setup_agendas.html", figures.standing_names))
        register_forum_part(ForumPart("side", 20, "meetings/_forum_proposals.html", proposals.forum_part))
        register_forum_part(ForumPart("side", 21, "meetings/_forum_handovers.html", handovers.forum_part))
        register_standing_agendas(figures.standing_agendas)
