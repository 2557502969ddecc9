from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MunicipalitiesConfig(AppConfig):
    """Tenants, levels, forums, seats, cadences, presets."""

    name = "municipalities"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from access.actor import register_resolver
        from access.doors import register_door
        from access.notify import register_link
        from access.policy import register_verb_names
        from access.roles import Verb
        from access.tenants import register_lister, register_namer, register_people
        from access.web import NavEntry, register_nav
        from municipalities import access_review, ended_appointments, matrix_preset, models, people, rights, sparring, tasks, trin_preset  # noqa: F401  # the tasks register their jobs, also in the web process that orders them
        from municipalities.parts import ForumPart, register_forum_part
        from municipalities.presets import PresetLoader, register_preset_loader
        from municipalities.verb_names import verb_name_in

        register_resolver(rights.rights)
        register_lister(rights.tenants_of)
        register_people(rights.everybody)
        register_namer(people.as_invited)
        register_verb_names(verb_name_in)
        register_nav(NavEntry("organisation", "organisation", "org", _("Organisation"), (Verb.VIEW_ORGANISATION,), 60, desk=True))
        register_nav(NavEntry("setup", "setup", "list", _("Set-up"), (Verb.MANAGE_TENANT,), 64, desk=True))
        register_nav(NavEntry("people", "person_list", "key", _("People"), (Verb.MANAGE_TENANT,), 65, desk=True))
        register_nav(NavEntry("access_reviews", "access_reviews", "shield", _("Access reviews"), (Verb.MANAGE_TENANT, Verb.VIEW_AUDIT), 81, desk=True))
        register_forum_part(ForumPart("side", 20, "municipalities/_forum_access.html", access_review.forum_part))
        register_door("appointment_ended", ended_appointments.was_his)
        register_link("invitation", people.invitation_path)
        register_nav(NavEntry("kreds", "kreds_overview", "chart", _("The kommuner"), (Verb.VIEW_ORGANISATION,), 15, shown=lambda tenant: not tenant.is_kommune))
        register_nav(NavEntry("sharing", "sharing_list", "send", _("Shared with politikreds"), (Verb.VIEW_ORGANISATION,), 66, desk=True, shown=lambda tenant: tenant.is_in_a_kreds))
        register_nav(NavEntry("sparring", "sparring", "hand", _("Sparring"), (Verb.VIEW_ORGANISATION,), 35, shown=lambda tenant: tenant.has_sparring_door))
        auditlog.register(models.Release, exclude_fields=["payload"])
        auditlog.register(models.CallRequest, mask_fields=["how", "when"], mask_callable="access.log.hide")
        auditlog.register(models.SparringDoor)
        register_nav(NavEntry("sparring_edit", "sparring_edit", "hand", _("Sparring"), (Verb.MANAGE_TENANT,), 67, desk=True, shown=sparring.has_none))
        register_preset_loader(PresetLoader("sparring", sparring.load_door))
        register_preset_loader(PresetLoader("trin", trin_preset.load_trin))
        register_preset_loader(PresetLoader("matrix", matrix_preset.load_matrix))
        register_nav(NavEntry("export", "export_list", "dl", _("Take all data out"), (Verb.MANAGE_TENANT, Verb.VIEW_AUDIT), 90, desk=True))
        auditlog.register(models.ExportOrder, exclude_fields=["key_sealed", "salt", "progress", "step", "touched_at", "archive_key"])
        for model in (models.Tenant, models.Level, models.Organisation, models.Forum, models.Seat, models.Appointment, models.SchoolHoliday):
            auditlog.register(model)
        for part in (models.Area, models.PreventionLevel, models.Trin, models.ForumTrin, models.ForumPreventionLevel, models.MatrixCell):
            auditlog.register(part)
        auditlog.register(models.ClassChange)
        auditlog.register(models.AppointmentWish, mask_fields=["reason"], mask_callable="access.log.hide")
        auditlog.register(models.ConfidentialityPledge)
        auditlog.register(models.Invitation)
        auditlog.register(models.SeatEnding)
        auditlog.register(models.AccessReview, exclude_fields=["content"])
        auditlog.register(models.PeopleImport, mask_fields=["rows"], mask_callable="access.log.hide")
