from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """§ 115: person, case, discussion, involvement. The only app with person data."""

    name = "cases"

    def ready(self) -> None:
        from auditlog.registry import auditlog
        from django.db.models.signals import post_delete

        from access.actor import register_resolver
        from access.doors import register_door
        from access.roles import Verb
        from access.tenants import register_lister
        from access.web import NavEntry, register_nav
        from cases import attachment_actions, book_files, deletions, guest_actions, handing_over, mails, models, parts, rights
        from meetings.fillers import register_filler
        from meetings.models import Fill
        from meetings.parts import ClosedPart, WeekPart, register_closed_part, register_counter, register_move_listener, register_week_part
        from meetings.reminders import register_reminder_source
        from municipalities.exporting import register_clear
        from municipalities.parts import ForumPart, register_forum_part

        register_resolver(rights.rights)
        register_lister(rights.tenants_of)
        register_nav(NavEntry("cases", "case_list", "lock", _("§ 115 cases"), (Verb.VIEW_CASES,), 30))
        register_closed_part(
            ClosedPart("cases/_closed_part.html", "cases/pdf/_closed_part.html", parts.closed_part, book_files.closed_files, book_files.editions, parts.closed_minutes)
        )
        register_filler(Fill.CASES_DUE, parts.cases_due)
        register_move_listener(guest_actions.revoke_for_meeting)
        register_counter(mails.counted)
        register_door("guest", guest_actions.is_called_in)
        register_reminder_source(mails.REMINDERS)
        register_week_part(WeekPart("main", 5, "cases/_week_invitations.html", parts.week_invitations))
        register_week_part(WeekPart("main", 20, "cases/_week_agreements.html", parts.week_agreements))
        register_week_part(WeekPart("side", 20, "cases/_week_follow_ups.html", parts.week_follow_ups))
        register_week_part(WeekPart("side", 21, "cases/_week_deletions.html", deletions.week_deletions))
        register_forum_part(ForumPart("first", 8, "cases/_forum_orphans.html", handing_over.forum_part))
        register_clear(models.PersonData, "cpr_sealed", "cpr", lambda row: row.cpr)
        post_delete.connect(attachment_actions.forget_file, sender=models.CaseAttachment)
        auditlog.register(models.Case)
        auditlog.register(models.CaseItem, exclude_fields=["files_edition", "texts_edition"])
        auditlog.register(models.ItemPresence)
        auditlog.register(models.AdHocGrant)
        auditlog.register(models.CaseRecusal)
        auditlog.register(models.CaseAgreementParty)
        auditlog.register(models.CaseAgreementStep, exclude_fields=["said"])
        auditlog.register(models.CaseAgreement, exclude_fields=["text"])
        auditlog.register(models.Person, exclude_fields=["data"])
        masked = {
            models.PersonData: ["name", "birth_date", "cpr_sealed", "address", "school", "parents"],
            models.CaseText: ["reason", "necessity", "background", "strengths"],
            models.Involvement: ["note"],
            models.Discussion: ["facts", "assessment"],
            models.CaseAgreementText: ["what"],
            models.CaseAgreementRemark: ["remark"],
            models.CaseAttachment: ["name"],
            models.CaseExtension: ["reason"],
        }
        known: dict[type, list[str]] = {models.Discussion: ["saved_by", "saved_at"]}  # the entry has both already
        for model, fields in masked.items():  # the log says that a text was changed, never what it said
            auditlog.register(model, mask_fields=fields, mask_callable="access.log.hide", exclude_fields=known.get(model, []))
