"""Whom a case is about: a shell without a name, and what may be read only behind the ticket."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.concerned import Concerns
from access.constraints import RowSecurity, TenantForeignKey
from access.models import Purpose
from access.vault import seal_text, unseal_text
from municipalities.models import Forum, TenantRow


class Person(TenantRow):
    """The shell of a person who is discussed in one forum: a number, nothing else. Another forum has its own."""

    concerns: ClassVar = Concerns(Purpose.REGISTRATION)

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="person_tenant_id"),
            TenantForeignKey("forum", name="person_forum_same_tenant"),
            RowSecurity("person_shell", name="person_rls"),
        ]

    @property
    def person_id(self) -> int:
        """Whom it is about: itself."""
        return self.pk

    def __str__(self) -> str:
        return f"Person {self.pk}"


class PersonText(TenantRow):
    """Base of every ticket table about a case. Changed only by who has opened the person: the log tells his purpose."""

    concerns: ClassVar = Concerns(through="case")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self._meta.verbose_name)  # stands in the log: no text, and no number that the log's pages do not know


class PersonData(PersonText):
    """Who it is. Behind the ticket; the CPR number also sealed, and shown only by a logged act of its own."""

    concerns: ClassVar = Concerns(through="person")

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
