"""What the tests of plans share: the demo's plans, and short ways to act on them."""

from plans.models import Plan


def approved() -> Plan:
    """Handleplan 2024–2026, approved on 31 January 2024."""
    return Plan.objects.select_related("tenant", "template").get(status=Plan.Status.APPROVED)


def waiting() -> Plan:
    """Handleplan 2026–2028, which waits for the Lokalråd."""
    return Plan.objects.select_related("tenant", "template").get(status=Plan.Status.SUBMITTED)


def url(plan, tail="") -> str:
    return f"/thisted/handleplaner/{plan.public_id}/{tail}"
