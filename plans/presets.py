"""The plan template of a preset: `[plan_template]` and its fields."""

from municipalities.presets import Made
from plans.models import PlanTemplate, PlanTemplateField


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
