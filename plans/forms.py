"""What people write about a plan. No field takes anything that looks like a CPR number: a plan holds no person data."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.needed import says_what_is_needed
from access.policy import visible
from access.roles import ForumKind, Verb
from municipalities.models import Forum, PreventionLevel
from plans.content import MILESTONES, part_version
from plans.editing import MilestoneInput, PartInput
from plans.models import Initiative, Milestone, Plan, PlanTemplate, PlanTemplateField
from plans.periods import next_starts, period_end

CPR_LIKE = re.compile(r"(?<!\d)\d{6}[ \u00a0]?[-–]?[ \u00a0]?\d{4}(?!\d)")
TEXT_MAX = 20_000


def refuse_cpr(value: str) -> None:
    """Raise ValidationError when a text holds six and four digits like a CPR number."""
    if CPR_LIKE.search(value):
        raise ValidationError(_("This looks like a CPR number. A plan holds no person data: take it out."), code="cpr")


class PlainText(forms.CharField):
    """A text without person data; line ends as they are stored."""

    def __init__(self, *, rows: int = 0, max_length: int = TEXT_MAX, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, validators=[refuse_cpr], **kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class DraftText(PlainText):
    """A field that must be filled in before the plan is sent, but may be empty while it is written."""

    def validate(self, value: Any) -> None:
        """Nothing: `plans.completeness` asks when the plan is sent."""


@says_what_is_needed(title=gettext_lazy("Write the title."))
class PlanForm(forms.Form):
    """The texts of the plan as a whole. `version` says which text the person began from."""

    use_required_attribute = False
    title = PlainText(label=gettext_lazy("Title"), max_length=120)

    def __init__(self, data: Any, *, part: Plan | Initiative, fields: Sequence[PlanTemplateField]) -> None:
        super().__init__(data, initial={"title": part.title})
        self.part = part
        self.own = [field for field in fields if field.of_plan == isinstance(part, Plan)]
        for field in self.own:
            if field.kind != MILESTONES:
                self.fields[f"text_{field.key}"] = self._text(field)

    def _text(self, field: PlanTemplateField) -> DraftText:
        hint = " ".join(filter(None, (field.help, _("One line each.") if field.kind == PlanTemplateField.Kind.LIST else "")))
        return DraftText(label=field.label, help_text=hint, required=field.is_required, rows=4, initial=self.part.texts.get(field.key, ""))

    @property
    def version(self) -> str:
        """The version that the form was filled in from."""
        return self.data.get("keep") or self.data.get("version", "") if self.is_bound else part_version(self.part)

    def shown(self) -> list[dict[str, Any]]:
        """The template's fields in their order, for the page: a bound text field, or the place of the milestones."""
        return [{"milestones": True, "label": field.label, "help": field.help} if field.kind == MILESTONES else {"bound": self[f"text_{field.key}"]} for field in self.own]

    def rows(self) -> list[dict[str, Any]]:
        """The milestones as bound fields; the plan as a whole has none."""
        return []

    def given(self) -> PartInput:
        """What the form says, for `plans.editing.save_part`."""
        texts = {field.key: self.cleaned_data[f"text_{field.key}"] for field in self.own if field.kind != MILESTONES}
        return PartInput(self.cleaned_data["title"], texts)


class InitiativeForm(PlanForm):
    """One indsats: its texts, its bands of the prevention model, and its milestones as rows of three fields."""

    levels = forms.ModelMultipleChoiceField(PreventionLevel.objects.none(), label=gettext_lazy("Prevention level"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any, *, part: Initiative, fields: Sequence[PlanTemplateField]) -> None:
        super().__init__(data, part=part, fields=fields)
        # a row that another person has added since is not in what was sent: leave it alone
        self.steps = [step for step in part.milestones.all() if data is None or f"{step.public_id}-text" in data]
        levels: Any = self.fields["levels"]
        levels.queryset = PreventionLevel.objects.filter(tenant_id=part.tenant_id)
        levels.initial = [level.pk for level in part.prevention_levels.all()]
        for number, step in enumerate(self.steps, start=1):
            self._add_row(number, step)

    def _add_row(self, number: int, step: Milestone) -> None:
        where = {"number": number}
        text = DraftText(max_length=300, label=_("Milestone %(number)s") % where, initial=step.text, rows=2)
        picker = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        due_on = forms.DateField(required=False, label=_("By when, milestone %(number)s") % where, initial=step.due_on, widget=picker)
        responsible = PlainText(required=False, max_length=120, label=_("Responsible, milestone %(number)s") % where, initial=step.responsible)
        for name, field in (("text", text), ("due_on", due_on), ("responsible", responsible)):
            field.widget.attrs["class"] = "in-t"
            self.fields[f"{step.public_id}-{name}"] = field

    def rows(self) -> list[dict[str, Any]]:
        """The milestones as bound fields."""
        return [{"key": step.public_id, **{name: self[f"{step.public_id}-{name}"] for name in MilestoneInput._fields}} for step in self.steps]

    def given(self) -> PartInput:
        base, clean = super().given(), self.cleaned_data
        rows = {step.public_id: MilestoneInput(*(clean[f"{step.public_id}-{name}"] for name in MilestoneInput._fields)) for step in self.steps}
        return PartInput(base.title, base.texts, frozenset(level.pk for level in clean["levels"]), rows)


def part_form(data: Any, part: Plan | Initiative, fields: Sequence[PlanTemplateField]) -> PlanForm:
    """The form for the plan as a whole or for one indsats."""
    return InitiativeForm(data, part=part, fields=fields) if isinstance(part, Initiative) else PlanForm(data, part=part, fields=fields)


class SendForm(forms.Form):
    """A few words with the plan; nobody has to write any."""

    comment = PlainText(label=gettext_lazy("Comment"), required=False, rows=2, max_length=2000)


@says_what_is_needed(decision=gettext_lazy("Choose your decision."))
class DecisionForm(forms.Form):
    """Approve, or send back and say why."""

    APPROVE, SEND_BACK = "approve", "send_back"
    decision = forms.ChoiceField(
        label=gettext_lazy("Your decision"), widget=forms.RadioSelect, choices=[(APPROVE, gettext_lazy("Approve")), (SEND_BACK, gettext_lazy("Send back with a comment"))]
    )
    comment = PlainText(label=gettext_lazy("Comment"), required=False, rows=3, max_length=2000, help_text=gettext_lazy("Must be filled in if you send the plan back."))
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        if clean.get("decision") == self.SEND_BACK and "comment" in clean and not clean["comment"].strip():
            self.add_error("comment", _("Write what has to be changed."))
        return clean


@says_what_is_needed(text=gettext_lazy("Write what the follow-up found."))
class FollowUpForm(forms.Form):
    """What a yearly follow-up found."""

    text = PlainText(label=gettext_lazy("What did the follow-up find?"), rows=3, max_length=4000)


@says_what_is_needed(
    template=gettext_lazy("Choose the template."), forum=gettext_lazy("Choose the forum that writes the plan."),
    approving_forum=gettext_lazy("Choose the forum that approves the plan."), period_from=gettext_lazy("Choose the period."),
)  # fmt: skip
class NewPlanForm(forms.Form):
    """Which forum writes the plan, which one approves it, and for which period of the template."""

    template = forms.ModelChoiceField(PlanTemplate.objects.none(), label=gettext_lazy("Template"), empty_label=None)
    forum = forms.ModelChoiceField(Forum.objects.none(), label=gettext_lazy("Written by"), empty_label=None)
    approving_forum = forms.ModelChoiceField(Forum.objects.none(), label=gettext_lazy("Approved by"), empty_label=None)
    period_from = forms.TypedChoiceField(label=gettext_lazy("Period"), coerce=date.fromisoformat)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        fields: Any = self.fields
        fields["template"].queryset = PlanTemplate.objects.filter(tenant_id=actor.tenant_id)
        fields["forum"].queryset = visible(actor, Verb.EDIT_PLANS, Forum.objects.filter(kind=ForumKind.STYREGRUPPE))
        councils = Forum.objects.filter(Q(active_to=None) | Q(active_to__gte=timezone.localdate()), tenant_id=actor.tenant_id, kind=ForumKind.LOKALRAAD)
        fields["approving_forum"].queryset = councils  # one that is history has nobody left who could approve
        fields["period_from"].choices = periods = self._periods(actor)
        today = timezone.localdate()  # of three that overlap the one that begins nearest to it is meant, and not one that is over in a month
        fields["period_from"].initial = min((start for start, _period in periods), key=lambda start: abs(date.fromisoformat(start) - today), default="")

    def _periods(self, actor: Actor) -> list[tuple[str, str]]:
        """The periods of every template; which belong to the chosen one is asked in `clean`."""
        found = {}
        for template in PlanTemplate.objects.filter(tenant_id=actor.tenant_id):
            for start in next_starts(template, timezone.localdate()):
                found[start.isoformat()] = f"{date_format(start)} – {date_format(period_end(template, start))}"
        return sorted(found.items())

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        template, start = clean.get("template"), clean.get("period_from")
        if template and start and start not in next_starts(template, timezone.localdate()):
            self.add_error("period_from", _("The template does not allow this period."))
        return clean
