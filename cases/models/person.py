"""Whom a case is about: a shell without a name, and what may be read only behind the ticket."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.vault import seal_text, unseal_text
from municipalities.models import Forum, TenantRow


class Person(TenantRow):
    """The shell of a person who is discussed in one forum: a number, nothing else. Another forum has its own."""

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="person_tenant_id"),
            TenantForeignKey("forum", name="person_forum_same_tenant"),
            RowSecurity("person_shell", name="person_rls"),
        ]

    def __str__(self) -> str:
        return f"Person {self.pk}"


class PersonText(TenantRow):
    """Base of every ticket table about a case. Knows its person, so that its changes are logged with the subject."""

    class Meta:
        abstract = True

    def get_additional_data(self) -> dict[str, Any]:
        """What auditlog stores with a change of this row (access.models.LogEntry.save)."""
        case = getattr(self, "case", None)
        about = {"subjects": [getattr(self, "person_id")]}  # noqa: B009  # declared by each subclass
        return {**about, "forum_id": case.forum_id} if case is not None else about

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {getattr(self, 'case_id', self.pk)}"


class PersonData(PersonText):
    """Who it is. Behind the ticket; the CPR number also sealed, and shown only by a logged act of its own."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="data")
    name = models.CharField(_("name"), max_length=200)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    cpr_sealed = models.TextField(blank=True, editable=False)
    address = models.CharField(_("address"), max_length=200, blank=True)
    school = models.CharField(_("school or workplace"), max_length=120, blank=True)
    parents = models.CharField(_("parents"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("person data")
        constraints = [TenantForeignKey("person", name="persondata_person_same_tenant"), RowSecurity("person_ticket", name="persondata_rls")]

    @property
    def cpr(self) -> str:
        """The number in clear. Show it only through `views.person_cpr`, which logs it."""
        return unseal_text(self.cpr_sealed, f"person:{self.person_id}") if self.cpr_sealed else ""

    @cpr.setter
    def cpr(self, number: str) -> None:
        self.cpr_sealed = seal_text(number, f"person:{self.person_id}") if number else ""

    @property
    def cpr_masked(self) -> str:
        """The date and four dots, as every page shows it."""
        return f"{self.cpr[:6]}-••••" if self.cpr_sealed else ""
