"""Operators run the product for several kommuner. Outside every kommune they may set one up; inside they are nobody."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast

from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from access.login import has_two_factors
from access.models import LogEntry, User


class OperatorRequest(HttpRequest):
    """A request outside every kommune, by an operator."""

    user: User


type OperatorView[**P] = Callable[Concatenate[OperatorRequest, P], HttpResponse]


def operators_only[**P](view: OperatorView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Mark a page for operators with two factors. To everybody else who is logged in it is not there."""

    @never_cache
    @wraps(view)
    def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path())
        if not user.is_operator:
            raise Http404("no operator")
        if not has_two_factors(request, user):
            return redirect("mfa_activate_totp")
        return view(cast("OperatorRequest", request), *args, **kwargs)

    checked.verbs = ()  # type: ignore[attr-defined]  # read by the rule tests
    return checked  # type: ignore[return-value]  # functools.wraps loses what P is


def let_operate(user: User, *, is_operator: bool) -> None:
    """Give somebody the right to set kommuner up, or take it away. Inside a context: the line in the log has its actor, and no kommune."""
    changes = {"is_operator": [str(user.is_operator), str(is_operator)]}
    user.is_operator = is_operator
    user.save(update_fields=["is_operator"])
    LogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(User), object_pk=str(user.pk), object_id=user.pk, object_repr=str(user), action=LogEntry.Action.UPDATE,
        changes=changes, changes_text="",
    )  # fmt: skip
