"""The standing agendas of a forum: which items come back at each meeting, and what fills them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from access.constraints import RowSecurity, TenantForeignKey
from access.public_ids import PublicIdField
from access.roles import DataClass
from meetings.models.kinds import Fill, ItemKind, PresenterKind
from municipalities.models import Forum, TenantRow


class AgendaTemplate(TenantRow):
    """A forum's standing agenda. A forum may have several, for different meetings of the year."""

    public_id = PublicIdField()
    forum = models.ForeignKey(Forum, models.CASCADE, related_name="agenda_templates")
    name = models.CharField(max_length=100)
    meeting_numbers = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # which meetings of the year; empty: any

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="agendatemplate_tenant_id"),
            TenantForeignKey("forum", name="agendatemplate_forum_same_tenant"),
            RowSecurity("agenda_template_2", name="agendatemplate_rls"),
        ]

    def __str__(self) -> str:
        return str(self.pk)  # stands in the log, which is never erased: not the name


class AgendaTemplateItem(TenantRow):
    """A standing item, with its sub-items.

    One of class PERSON_115 only marks the place of the closed part («Enkelte unge»): its title is the kommune's standing
    words, and it is never copied to a meeting. Cases are put on the agenda one by one.
    """

    public_id = PublicIdField()
    template = models.ForeignKey(AgendaTemplate, models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    order = models.PositiveSmallIntegerField()  # through the whole template, an item before its sub-items
    title = models.CharField(max_length=200)
    presenter = models.CharField(max_length=120, blank=True)
    presenter_kind = models.CharField(max_length=4, choices=PresenterKind, default=PresenterKind.ROLE)
    is_optional = models.BooleanField(default=False)  # «evt.»: may be left out
    fill = models.CharField(max_length=16, choices=Fill, default=Fill.NOTHING, blank=True)
    duration = models.PositiveSmallIntegerField(default=10)  # minutes
    kind = models.CharField(max_length=12, choices=ItemKind, default=ItemKind.ORIENTERING)
    data_class = models.CharField(max_length=20, choices=DataClass, default=DataClass.INTERNAL)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="agendatemplateitem_tenant_id"),
            models.CheckConstraint(condition=~Q(data_class="PERSON_INFOHUS"), name="agendatemplateitem_no_infohus"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="agendatemplateitem_not_its_own"),
            models.UniqueConstraint(fields=["tenant", "template", "id"], name="agendatemplateitem_template_id"),
            TenantForeignKey("parent", within="template", name="agendatemplateitem_parent_same_agenda"),
            TenantForeignKey("template", name="agendatemplateitem_template_same_tenant"),
            RowSecurity("agenda_template_item_2", name="agendatemplateitem_rls"),
        ]

    @property
    def is_closed(self) -> bool:
        """True for one that only marks the place of the closed part."""
        return DataClass(self.data_class).is_person

    def __str__(self) -> str:
        return str(self.pk)  # stands in the log, which is never erased: not the title
