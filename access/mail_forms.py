"""The form of what mails somebody wants."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from access.models import MailChoice
from access.notices import WAYS, Notice, Way


class MailChoices(forms.Form):
    """One choice for each kind of mail that can be chosen about. `rows`: what the person has chosen until now."""

    def __init__(self, *args: Any, rows: list[MailChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = {row.notice: row.way for row in rows}
        needed = {"required": _("Choose when you want the mail.")}
        for notice, ways in WAYS.items():
            words = [(way.value, way.label) for way in ways]
            self.fields[notice.value] = forms.ChoiceField(label=notice.label, choices=words, initial=chosen.get(notice.value, ways[0].value), error_messages=needed)

    def clean(self) -> dict[str, Any]:
        """Nothing may be kept for a weekly mail that never comes."""
        data: dict[str, Any] = super().clean() or {}
        if data.get(Notice.DIGEST) == Way.OFF:
            for notice in WAYS:
                if data.get(notice) == Way.WEEKLY:
                    self.add_error(notice.value, _("You have chosen no weekly mail, so this would never reach you. Choose another way, or take the weekly mail."))
        return data
