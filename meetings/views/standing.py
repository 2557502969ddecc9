"""The standing agendas of a forum: the list, one with its items, and the writes. For who plans its meetings or sets the kommune up."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.request import TenantRequest
from access.web import in_menu, requires, tenant_url
from meetings import standing_actions
from meetings.errors import StandingItemGoneError
from meetings.models import AgendaTemplate, AgendaTemplateItem
from meetings.presenters import presenters_of
from meetings.standing_agendas import KEEPERS, fetch_kept, forums_kept, lines_of, minutes_of, uses_of
from meetings.standing_forms import AgendaForm, NewAgendaForm, StandingItemForm
from meetings.year_plan_actions import standing_agendas
from municipalities.errors import SetupError, StaleError
from municipalities.models import Forum
from municipalities.organisation import shows_more
from municipalities.versions import fingerprint

WRITTEN = ("name", "numbers", "title", "presenter", "duration")  # what is written and not chosen, of a standing agenda and of an item


@require_safe
@in_menu("organisation")
@requires(*KEEPERS)
def standing_overview(request: TenantRequest) -> HttpResponse:
    """Every forum whose standing agendas the reader changes, with theirs."""
    forums = list(forums_kept(request.actor))
    found: dict[int, list[AgendaTemplate]] = {forum.pk: [] for forum in forums}
    for template in _kept_agendas(forums):
        found[template.forum_id].append(template)
    return TemplateResponse(request, "meetings/standing_overview.html", {"rows": [(forum, found[forum.pk]) for forum in forums if found[forum.pk] or not forum.has_ended]})


def _kept_agendas(forums: list[Forum]) -> list[AgendaTemplate]:
    return list(AgendaTemplate.objects.filter(forum__in=[forum.pk for forum in forums]).select_related("forum").order_by("forum__name", "pk"))


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("organisation")
@requires(*KEEPERS)
def standing_list(request: TenantRequest, forum_id: str) -> HttpResponse:
    """One forum's standing agendas: what each is used for, how long it takes; and a form for one more."""
    forum = fetch_kept(request.actor, Forum.objects.all(), forum_id)
    others = _kept_agendas(list(forums_kept(request.actor)))
    form = NewAgendaForm(request.POST if request.method == "POST" else None, forum=forum, others=others)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = standing_actions.add_agenda(forum, actor=request.actor, like=form.cleaned_data["like"], **form.values)
        except SetupError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            _say_made(request, made, form.cleaned_data["like"])
            return redirect(tenant_url(request, "standing_agenda", made.public_id))
    templates = list(AgendaTemplate.objects.filter(forum=forum).prefetch_related("items").order_by("pk"))
    uses = uses_of(templates)
    rows = [(template, uses[template.pk], len(template.items.all()), minutes_of(template.items.all())) for template in templates]
    context = {"forum": forum, "rows": rows, "form": form, "home": _home(request, forum)}
    return TemplateResponse(request, "meetings/standing_list.html", context, status=status)


def _say_made(request: TenantRequest, made: AgendaTemplate, like: AgendaTemplate | None) -> None:
    left_out = like.items.count() - made.items.count() if like else 0
    if left_out:
        messages.warning(request, _("“%(name)s” is created. Items of a class that this forum cannot have are left out: %(n)s.") % {"name": made.name, "n": left_out})
    else:
        messages.success(request, _("“%(name)s” is created.") % {"name": made.name})


def _home(request: TenantRequest, forum: Forum) -> str:
    """The forum's own page; an administrator who sees no more of it than its name comes from its set-up."""
    return tenant_url(request, "forum_detail" if shows_more(request.actor, forum) else "forum_setup", forum.public_id)


def _agenda(request: TenantRequest, template_id: str) -> AgendaTemplate:
    return fetch_kept(request.actor, AgendaTemplate.objects.select_related("forum"), template_id)


def _keeps_words(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: who writes in a standing agenda that another has removed is told so and has his words back (409); who only looks finds a missing page."""

    @wraps(view)
    def answered(request: TenantRequest, template_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, template_id, *args, **kwargs)
        except Http404:
            fields = {**AgendaForm.base_fields, **StandingItemForm.base_fields}
            words = [(fields[name].label, request.POST[name]) for name in WRITTEN if request.POST.get(name)]
            if not words:
                raise
            return TemplateResponse(request, "meetings/standing_gone.html", {"words": words}, status=409)

    return answered


def _new_form(template: AgendaTemplate, lines: Any, data: Any = None) -> StandingItemForm:
    return StandingItemForm(data, item=AgendaTemplateItem(template=template), forum=template.forum, lines=lines, auto_id="nyt-%s")


def _page(
    request: TenantRequest, template: AgendaTemplate, *, form: AgendaForm | None = None, new: StandingItemForm | None = None, note: str = "", status: int = 200
) -> HttpResponse:
    """The page of one standing agenda, or for htmx the part with its items."""
    lines = lines_of(template)
    context = {"template": template, "lines": lines, "minutes": minutes_of(line.item for line in lines), "note": note}
    if request.headers.get("HX-Request"):
        return TemplateResponse(request, "meetings/_standing_items.html", context, status=status)
    context |= {
        "forum": template.forum, "home": _home(request, template.forum), "use": uses_of(standing_agendas(template.forum)).get(template.pk, ""),
        "form": form or AgendaForm(template=template, auto_id="om-%s"), "new": new or _new_form(template, lines), "presenters": presenters_of(request, template.forum),
    }  # fmt: skip
    return TemplateResponse(request, "meetings/standing_agenda.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("organisation")
@requires(*KEEPERS)
@_keeps_words
def standing_agenda(request: TenantRequest, template_id: str) -> HttpResponse:
    """One standing agenda: its items, its name, and the meetings it is for."""
    template = _agenda(request, template_id)
    if request.method != "POST":
        return _page(request, template)
    form = AgendaForm(request.POST, template=template, auto_id="om-%s")
    if not form.is_valid():
        return _page(request, template, form=form, status=422)
    try:
        standing_actions.change_agenda(template, actor=request.actor, seen=form.version, **form.values)
    except SetupError as error:
        form.add_error(None, str(error))
        if isinstance(error, StaleError):
            form.stand_on(fingerprint(template))
        return _page(request, template, form=form, status=409)
    messages.success(request, _("The name and the meetings are saved."))
    return redirect(tenant_url(request, "standing_agenda", template_id))


@require_POST
@requires(*KEEPERS)
def standing_remove(request: TenantRequest, template_id: str) -> HttpResponse:
    """Remove a standing agenda."""
    template = _agenda(request, template_id)
    try:
        standing_actions.remove_agenda(template, actor=request.actor)
    except StaleError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("“%(name)s” is removed. Meetings that are made already keep their agenda.") % {"name": template.name})
    return redirect(tenant_url(request, "standing_list", template.forum.public_id))


@require_POST
@requires(*KEEPERS)
@_keeps_words
def standing_item_add(request: TenantRequest, template_id: str) -> HttpResponse:
    """Put an item on a standing agenda."""
    template = _agenda(request, template_id)
    form = _new_form(template, lines_of(template), request.POST)
    if not form.is_valid():
        return _page(request, template, new=form, status=422)
    try:
        item = standing_actions.add_standing_item(template, actor=request.actor, **form.values)
    except SetupError as error:
        form.add_error(None, str(error))
        return _page(request, template, new=form, status=409)
    messages.success(request, _("“%(title)s” stands on the standing agenda.") % {"title": item.title})
    return redirect(tenant_url(request, "standing_agenda", template_id) + f"#punkt-{item.public_id}")


type ItemView = Callable[[TenantRequest, AgendaTemplate, AgendaTemplateItem], HttpResponse]


def _of_an_item(view: ItemView) -> Callable[..., HttpResponse]:
    """Decorator: the view gets the standing agenda and the item of the address. An item that is removed, before or meanwhile, is said to be so."""

    @wraps(view)
    def found(request: TenantRequest, template_id: str, standing_id: str) -> HttpResponse:
        template = _agenda(request, template_id)
        item = template.items.select_related("parent", "template").filter(public_id=standing_id).first()
        try:
            return view(request, template, item) if item is not None else _gone(request, template)
        except StaleError:
            return _gone(request, template)

    return found


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("organisation")
@requires(*KEEPERS)
@_keeps_words
@_of_an_item
def standing_item_edit(request: TenantRequest, template: AgendaTemplate, item: AgendaTemplateItem) -> HttpResponse:
    """Change an item of a standing agenda; whoever is overtaken sees what stands there now beside what he wrote."""
    form = StandingItemForm(request.POST if request.method == "POST" else None, item=item, forum=template.forum, lines=lines_of(template))
    status, now = 422 if form.is_bound else 200, None
    if form.is_bound and form.is_valid():
        try:
            standing_actions.change_standing_item(item, actor=request.actor, seen=form.version, **form.values)
        except StandingItemGoneError:
            raise
        except SetupError as error:
            form.add_error(None, str(error))
            status = 409
            if isinstance(error, StaleError):
                now = item
                form.stand_on(fingerprint(item, standing_actions.PLACE))
        else:
            return _to_item(request, template, item)
    context = {"template": template, "forum": template.forum, "item": item, "form": form, "now": now, "presenters": presenters_of(request, template.forum)}
    return TemplateResponse(request, "meetings/standing_item_edit.html", context, status=status)


@require_POST
@requires(*KEEPERS)
@_of_an_item
def standing_item_move(request: TenantRequest, template: AgendaTemplate, item: AgendaTemplateItem) -> HttpResponse:
    """Move an item one place up or down, or to the place where it was dropped."""
    place = request.POST.get("plads", "")
    to = int(place) if place.isascii() and place.isdigit() and len(place) < 5 else None
    standing_actions.move_standing_item(item, actor=request.actor, up=request.POST.get("retning") == "op", to=to)
    return _page(request, template) if request.headers.get("HX-Request") else _to_item(request, template, item)


@require_POST
@requires(*KEEPERS)
@_of_an_item
def standing_item_remove(request: TenantRequest, template: AgendaTemplate, item: AgendaTemplateItem) -> HttpResponse:
    """Take an item off a standing agenda, with what stands under it."""
    standing_actions.remove_standing_item(item, actor=request.actor)
    messages.success(request, _("“%(title)s” is taken off the standing agenda.") % {"title": item.title})
    return redirect(tenant_url(request, "standing_agenda", template.public_id))


def _to_item(request: TenantRequest, template: AgendaTemplate, item: AgendaTemplateItem) -> HttpResponse:
    return redirect(tenant_url(request, "standing_agenda", template.public_id) + f"#punkt-{item.public_id}")


def _gone(request: TenantRequest, template: AgendaTemplate) -> HttpResponse:
    """The item has been removed since the page was opened: a sentence, and the agenda as it is now. What was written for the item is kept."""
    if "title" in request.POST:
        return _kept(request, template)
    if request.headers.get("HX-Request"):
        return _page(request, template, note=_was_removed())
    messages.warning(request, _was_removed())
    return redirect(tenant_url(request, "standing_agenda", template.public_id))


def _kept(request: TenantRequest, template: AgendaTemplate) -> HttpResponse:
    """What somebody wrote for an item that is gone stands in the form of a new one: to be put on again, or copied into another item."""
    form = _new_form(template, lines_of(template), request.POST)
    form.is_valid()  # what else is wrong stands beside it
    form.add_error(None, _was_removed())
    form.add_error(None, _("What you wrote is not saved, but it stands in the fields here. Add it as a new item, or copy it into another one."))
    return _page(request, template, new=form, note=_was_removed(), status=409)


def _was_removed() -> str:
    return _("Somebody else has removed this item from the standing agenda.")
