"""What is written, approved and followed up: handleplaner, the samarbejdsplan, funktionsbeskrivelser, the catalogue. No person data."""

from plans.models.catalogue import CatalogueEntry, CatalogueEntryLevel
from plans.models.cooperation import CooperationPlan, CooperationVersion
from plans.models.function import FunctionDescription, FunctionRecord, FunctionVersion
from plans.models.plan import (
    Decision,
    FollowUp,
    Initiative,
    InitiativePreventionLevel,
    Milestone,
    Plan,
    PlanGroupPermission,
    PlanTemplate,
    PlanTemplateField,
    PlanUserPermission,
    PlanVersion,
)

__all__ = [
    "CatalogueEntry", "CatalogueEntryLevel", "CooperationPlan", "CooperationVersion", "Decision", "FollowUp", "FunctionDescription", "FunctionRecord", "FunctionVersion",
    "Initiative", "InitiativePreventionLevel", "Milestone", "Plan", "PlanGroupPermission", "PlanTemplate", "PlanTemplateField", "PlanUserPermission", "PlanVersion",
]  # fmt: skip
