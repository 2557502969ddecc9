"""The half-yearly review of access: the list that was signed, and seats that a chair wants ended."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from municipalities.models.forum import Forum
from municipalities.models.seat import Seat
from municipalities.models.tenant import TenantRow


class AccessReview(TenantRow):
    """Who could see what in a forum, as its chair, or whoever signs for him (`municipalities.access_review`), read and signed it for one half-year. Written once, never changed."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="access_reviews")
    half_year = models.CharField(max_length=6)  # «2026-2»
    due_on = models.DateField()
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(db_default=Now())
    remark = models.CharField(max_length=500, blank=True)
    content = models.JSONField()  # municipalities.access_review.frozen

    class Meta:
        verbose_name = _("access review")
        constraints = [
            models.UniqueConstraint(fields=["forum", "half_year"], name="accessreview_once"),
            TenantForeignKey("forum", name="accessreview_forum_same_tenant"),
            RowSecurity("access_review_2", name="accessreview_rls"),
        ]

    def __str__(self) -> str:
        return self.half_year


class SeatEnding(TenantRow):
    """A chair has marked a member for ending; an administrator ends the seat or lets it stand."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="endings")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    was_ended = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("seat to end")
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=Q(settled_at=None), name="seatending_one_open"),
            TenantForeignKey("forum", name="seatending_forum_same_tenant"),
            TenantForeignKey("seat", name="seatending_seat_same_tenant"),
            RowSecurity("seat_ending", name="seatending_rls"),
        ]

    def __str__(self) -> str:
        return f"seat {self.seat_id}"
