from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """The border: who you are, where, what you may, what you saw, what left."""

    name = "access"

    def ready(self) -> None:
        from auditlog.registry import auditlog
        from django.urls import register_converter

        from access import checks, form_mark, login, models  # noqa: F401  # register the system checks and the receivers of login's signals
        from access.public_ids import PublicIdConverter
        from access.roles import Verb
        from access.web import NavEntry, OwnLink, register_nav, register_own_link

        auditlog.register(models.MailChoice)
        register_converter(PublicIdConverter, "id")
        register_own_link(OwnLink("mail_list", "send", _("Mails to you")))
        register_nav(NavEntry("log", "access_log", "eye", _("Access log"), (Verb.VIEW_AUDIT,), 80, desk=True))
