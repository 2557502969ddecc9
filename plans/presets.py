"""What a preset says to this app: `[plan_template]`, `[[catalogue]]` and `[[functions]]`."""

from dataclasses import replace
from typing import Any

from access.context import write_context
from access.roles import ForumKind, Verb
from municipalities.models import Forum
from municipalities.presets import Made
from plans import catalogue
from plans.models import FunctionDescription, PlanTemplate, PlanTemplateField


def load_plan_template(made: Made) -> None:
    """Make the template with its fields."""
    row = made.preset["plan_template"]
    template = PlanTemplate.objects.create(
        tenant=made.tenant, name=row["name"], period_years=row["period_years"], start_month=row["start_month"], start_parity=row["parity"],
        min_initiatives=row["min"], max_initiatives=row["max"], followup_months=row["followup_months"],
    )  # fmt: skip
    for field in row["fields"]:
        PlanTemplateField.objects.create(
            tenant=made.tenant, template=template, key=field["key"], label=field["label"], order=field["order"], kind=field["kind"],
            is_required=field["required"], of_plan=field["scope"] == "PLAN", help=field.get("help", ""),
        )  # fmt: skip


def load_catalogue(made: Made) -> None:
    """The entries of the catalogue, on the steps of the prevention model that the file names by key."""
    for row in made.preset["catalogue"]:
        levels = [made.prevention_levels[key] for key in row["levels"]]
        values = {name: row.get(name, "") for name in ("title", "grades", "material", "responsible")}
        catalogue.save_entry(None, actor=made.actor, levels=levels, description=row.get("text", ""), review_on=None, **values)


def load_functions(made: Made) -> None:
    """Drafts of funktionsbeskrivelser, in one forum or in all of a kind; nobody has written or approved them yet."""
    forums = list(Forum.objects.filter(tenant=made.tenant))
    # row security asks for a seat in the forum, and none is held yet
    seated = dict.fromkeys((Verb.VIEW_AGENDA, Verb.WRITE_MINUTES), frozenset(forum.pk for forum in forums))
    write_context(replace(made.actor, forums={**made.actor.forums, **seated}))
    for order, row in enumerate(made.preset["functions"], start=1):
        for forum in (forum for forum in forums if _stands_in(row, forum)):
            FunctionDescription.objects.create(
                tenant=made.tenant, forum=forum, organisation=made.organisations[row["organisation"]], title=row["title"], order=order,
                tasks=row["tasks"].strip(), duties=row["duties"].strip(),
            )  # fmt: skip
    write_context(made.actor)


def _stands_in(row: dict[str, Any], forum: Forum) -> bool:
    """`forum` names one by key; `kind` all of a kind, such as the eight local networks."""
    return forum.key == row["forum"] if "forum" in row else forum.kind == ForumKind(row["kind"])
