"""The form by which an operator sets a kommune up. It writes nothing."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from access.cpr import refuse_cpr
from access.models import User
from access.needed import says_what_is_needed
from access.needed_when import say_when_needed
from access.one_line import refuse_breaks
from municipalities.formulas import refuse_formula
from municipalities.models import Tenant
from municipalities.preset_files import key_of
from municipalities.set_up import MOST_OF_ADDRESS, FirstPeople, Order, Preset, SetUpError, read_code, refuse_bad_address, refuse_taken

NEW, NONE = "ny", "ingen"
MOST_AREAS = 40


@says_what_is_needed(
    name=_("Write the name of the kommune."), code=_("Write the kommunekode, for example 787."), kreds=_("Choose the politikreds."),
    administrator=_("Write the name of the first IT administrator."), email=_("Write the administrator’s e-mail address."),
)  # fmt: skip
class SetUpForm(forms.Form):
    """Name, address, code, politikreds, areas and the first people. Cleaned: `order`, an Order, and `first`, FirstPeople."""

    name = forms.CharField(label=_("Name of the kommune"), max_length=100, validators=[refuse_cpr, refuse_breaks])
    slug = forms.CharField(
        label=_("Address"), max_length=MOST_OF_ADDRESS, required=False,
        help_text=_("Stands in every link, such as /thisted/. Leave it empty, and it is made from the name."),
    )  # fmt: skip
    code = forms.CharField(label=_("Kommunekode"), max_length=10, help_text=_("Three digits, such as 787, or four with a zero in front."))
    kreds = forms.ChoiceField(label=_("Politikreds"), widget=forms.RadioSelect)
    new_kreds = forms.CharField(label=_("Name of the new politikreds"), max_length=100, required=False, validators=[refuse_cpr])
    areas = forms.CharField(
        label=_("Areas"), widget=forms.Textarea(attrs={"rows": 8}), help_text=_("One a line. There will be one group in each area."),
        error_messages={"required": _("Write the name of at least one area, one a line.")},
    )  # fmt: skip
    administrator = forms.CharField(label=_("Name of the first IT administrator"), max_length=120, validators=[refuse_cpr, refuse_breaks])
    email = forms.EmailField(label=_("The administrator's e-mail address"), help_text=_("Gets a mail with a link for choosing a password."))
    dpo = forms.CharField(
        label=_("Name of the data protection officer"), max_length=100, required=False, validators=[refuse_cpr, refuse_breaks, refuse_formula],
        help_text=_("May be left empty. The kommune needs one to see who has read what, to take its data out and to appoint more administrators."),
    )  # fmt: skip
    dpo_email = forms.EmailField(label=_("The data protection officer's e-mail address"), required=False, max_length=150)
    kreds_administrator = forms.CharField(
        label=_("Name of the new politikreds' IT administrator"), max_length=100, required=False, validators=[refuse_cpr, refuse_breaks, refuse_formula],
        help_text=_("Only for a politikreds that is made now. May be the kommune's own administrator."),
    )  # fmt: skip
    kreds_email = forms.EmailField(label=_("The e-mail address of the politikreds' administrator"), required=False, max_length=150)

    def __init__(self, data: QueryDict | None, *, key: str, preset: Preset) -> None:
        kredse = list(Tenant.objects.filter(kind=Tenant.Kind.POLITIKREDS, active=True).order_by("name"))
        super().__init__(data, initial=_initial(preset, kredse))
        self.key, self.kredse = key, {kreds.slug: kreds for kreds in kredse}
        choices = [*((kreds.slug, kreds.name) for kreds in kredse), (NEW, _("A new one, made together with the kommune")), (NONE, _("None for now"))]
        self.fields["kreds"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        say_when_needed(self, **dict.fromkeys(("new_kreds", "kreds_administrator", "kreds_email"), _("needed when the politikreds is made now")))
        if not _stands_in_areas(preset):
            del self.fields["areas"]

    def clean_code(self) -> str:
        """A kommunekode as it is kept: three digits."""
        try:
            return read_code(self.cleaned_data["code"])
        except SetUpError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_slug(self) -> str:
        """In small letters; empty when it is to be made from the name."""
        slug: str = self.cleaned_data["slug"].lower()
        try:
            if slug:
                refuse_bad_address(slug)
        except SetUpError as error:
            raise forms.ValidationError(str(error)) from None
        return slug

    def clean_areas(self) -> list[str]:
        """The areas, one a line."""
        areas = [line.strip() for line in self.cleaned_data["areas"].splitlines() if line.strip()]
        keys = [key_of(area) for area in areas]
        if "" in keys:
            raise forms.ValidationError(_("Write the name of at least one area, one a line."))
        if len(set(keys)) < len(keys):
            raise forms.ValidationError(_("Two areas have the same name. Give each a name of its own."))
        if len(areas) > MOST_AREAS or max(map(len, areas)) > 60:
            raise forms.ValidationError(_("At most %(n)s areas, with at most 60 characters each.") % {"n": MOST_AREAS})
        return areas

    def clean_email(self) -> str:
        """An address of a person."""
        return self._address("email")

    def clean_dpo_email(self) -> str:
        """An address of a person, or none."""
        return self._address("dpo_email")

    def clean_kreds_email(self) -> str:
        """An address of a person, or none."""
        return self._address("kreds_email")

    def _address(self, field: str) -> str:
        email: str = self.cleaned_data[field].lower()
        if User.objects.filter(email=email, is_system=True).exists() or email.endswith(".invalid"):
            raise forms.ValidationError(_("This address belongs to the product itself. Write a person's."))
        return email

    def clean(self) -> dict[str, Any]:
        """Put the order together, and ask whether it can be carried out."""
        data = super().clean() or {}
        if data.get("kreds") == NEW and not data.get("new_kreds") and "new_kreds" not in self.errors:
            self.add_error("new_kreds", _("Write the name of the politikreds, or choose one that is there."))
        self._ask_people(data)
        if self.errors:
            return data
        slug = data["slug"] or key_of(data["name"].removesuffix(" Kommune"))
        new_kreds = data["new_kreds"] if data["kreds"] == NEW else ""
        self._refuse("slug", data["name"], slug, data["code"])
        if new_kreds:
            self._refuse("new_kreds", new_kreds, key_of(new_kreds))
            if key_of(new_kreds) == slug:
                self.add_error("slug", _("The kommune and its politikreds cannot have the same address."))
        if self.errors:
            return data
        kreds = self.kredse.get(data["kreds"])
        data["order"] = Order(self.key, data["name"], slug, data["code"], kreds, new_kreds, tuple(data.get("areas", ())))
        data["first"] = self._first_people(data, has_new_kreds=bool(new_kreds))
        return data

    def _ask_people(self, data: dict[str, Any]) -> None:
        """Name and address, both or neither; the DPO is somebody else than the administrator; a new politikreds has an administrator."""
        needs = {"dpo": False, "kreds_administrator": data.get("kreds") == NEW}
        for name, email in (("dpo", "dpo_email"), ("kreds_administrator", "kreds_email")):
            if self.errors.keys() & {name, email}:
                continue
            if data[email] and not data[name]:
                self.add_error(name, _("Write the name of whoever has this address."))
            if not data[email] and (data[name] or needs[name]):
                said = _("Write name and e-mail address: somebody must set the politikreds up.") if needs[name] else _("Write the e-mail address too.")
                self.add_error(email if data[name] else name, said)
        if data.get("dpo_email") and data["dpo_email"] == data.get("email"):
            self.add_error("dpo_email", _("The data protection officer supervises the administrator, and is somebody else. Write another address, or leave it empty."))

    @staticmethod
    def _first_people(data: dict[str, Any], *, has_new_kreds: bool) -> FirstPeople:
        return FirstPeople(
            (data["email"], data["administrator"]), (data["dpo_email"], data["dpo"]) if data["dpo"] else None,
            (data["kreds_email"], data["kreds_administrator"]) if has_new_kreds else None,
        )  # fmt: skip

    def _refuse(self, field: str, name: str, slug: str, code: str = "") -> None:
        try:
            if not slug:
                raise SetUpError(_("No address can be made from this name. Write one with letters and digits."))
            refuse_taken(name, slug, code)
        except SetUpError as error:
            self.add_error(error.about if field == "slug" and error.about else field, str(error))


def _initial(preset: Preset, kredse: list[Tenant]) -> dict[str, Any]:
    """What a preset suggests. No address: it is made from the name, which is often another kommune's than the preset's."""
    head = preset["tenant"]
    wanted = head.get("politikreds", "")
    known = next((kreds.slug for kreds in kredse if kreds.name == wanted), "")
    return {
        "name": head["name"], "code": head.get("code", ""), "kreds": known or (NEW if wanted else NONE), "new_kreds": "" if known else wanted,
        "areas": "\n".join(area["name"] for area in preset.get("areas", [])),
    }  # fmt: skip


def _stands_in_areas(preset: Preset) -> bool:
    """True when the preset has forums of which there is one an area: `read_preset` has given each its area."""
    return any("area" in forum for forum in preset["forums"])

