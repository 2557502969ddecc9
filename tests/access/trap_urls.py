"""Views that do wrong on purpose, below the product's own addresses."""

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

from access.gate import open_ticket
from access.models import Purpose
from access.web import open_to_members
from cases.models import Case, PersonData
from ssp.urls import urlpatterns as product


def first_case():
    return Case.objects.order_by("pk").first()


def open_case(request):
    case = first_case()
    open_ticket(request.actor, Case, [case.person_id], purpose=Purpose.MEETING, row=case)
    return case, PersonData.objects.get(person=case.person_id).name


@open_to_members
def boom(request):
    case, name = open_case(request)
    case.concern_level = 4
    case.save()
    raise ValueError(name)


@open_to_members
def savepoint(request):
    try:
        with transaction.atomic():
            _, name = open_case(request)
            raise KeyError
    except KeyError:
        return HttpResponse(name)


@open_to_members
def forced_rollback(request):
    _, name = open_case(request)
    transaction.set_rollback(True)
    return HttpResponse(name)


@open_to_members
def stream(request):
    _, name = open_case(request)
    return StreamingHttpResponse([name])


@open_to_members
def forgot(request):
    return HttpResponse(",".join(PersonData.objects.values_list("name", flat=True)) or "nothing")


@open_to_members
def open_ok(request):
    return HttpResponse(open_case(request)[1])


urlpatterns = [
    *[path(f"<slug:slug>/trap/{view.__name__}/", view) for view in (boom, savepoint, forced_rollback, stream, forgot, open_ok)],
    *product,
]
