"""Who is responsible for many agreements at once: for lists that go to people, each his own."""

from typing import Any

from access.models import User


def responsible_users(agreements: Any) -> dict[int, list[User]]:
    """Agreement id -> the active users who are responsible for it now: persons, and who has the place of a seat. A vacant seat is nobody.

    `agreements`: a queryset of Agreement or CaseAgreement, as the actor may read them. Two queries, whatever their number. For what one
    person is responsible for there is `Agreement.objects.of(user)`.
    """
    ids = {agreement.pk: agreement.responsible_ids for agreement in agreements.with_parties()}
    users = User.objects.filter(is_active=True).in_bulk(set[int]().union(*ids.values()))
    return {pk: [users[user] for user in sorted(found) if user in users] for pk, found in ids.items()}
