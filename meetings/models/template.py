"""A forum's standing agendas."""

from django.db import models
from django.db.models import Q

from access.constraints import RowSecurity, TenantForeignKey
from access.roles import DataClass
from meetings.models.item import ItemKind
from municipalities.models import Forum, TenantRow


class AgendaTemplate(TenantRow):
    """A forum's standing agenda."""

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="agenda_templates")
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="agendatemplate_tenant_id"),
            TenantForeignKey("forum", name="agendatemplate_forum_same_tenant"),
            RowSecurity("agenda_forum", name="agendatemplate_rls"),
        ]

    def __str__(self) -> str:
        return self.name


class AgendaTemplateItem(TenantRow):
    """A standing item; never of a person class: cases are put on the agenda one by one."""

    template = models.ForeignKey(AgendaTemplate, models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    presenter = models.CharField(max_length=120, blank=True)
    duration = models.PositiveSmallIntegerField(default=10)  # minutes
    kind = models.CharField(max_length=12, choices=ItemKind, default=ItemKind.ORIENTERING)
    data_class = models.CharField(max_length=20, choices=DataClass, default=DataClass.INTERNAL)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(condition=~Q(data_class__in=["PERSON_115", "PERSON_INFOHUS"]), name="agendatemplateitem_no_person"),
            TenantForeignKey("template", name="agendatemplateitem_template_same_tenant"),
            RowSecurity("member", name="agendatemplateitem_rls"),
        ]

    def __str__(self) -> str:
        return self.title
