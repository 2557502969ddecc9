"""What every view uses: the verb on the view, the row it works on, the page or the part of it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, Concatenate, NamedTuple, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from access.actor import Actor
from access.form_mark import mark_of
from access.request import TenantRequest
from access.roles import GUEST_VERBS, AppointmentRole, Verb, seat_name
from access.scope import Tenant

type View[**P] = Callable[Concatenate[TenantRequest, P], HttpResponse]


def requires[**P](*verbs: Verb) -> Callable[[View[P]], View[P]]:
    """Mark a tenant's view with the verb it needs (any one of them). Without the verb anywhere: 404, as if it were not there.

    Who would have it, had he accepted the duty of confidentiality, is led to that page and back.

    Every tenant URL has one (tests/rules/test_urls.py). The row itself is checked by `policy.fetch` or `gate.reveal`.
    """

    def mark(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: TenantRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if any(verb in request.actor.withheld for verb in verbs):
                return _pledge_first(request)
            kwargs.pop("slug", None)  # the context has used it
            try:
                if not any(holds_or_guest(request.actor, verb) for verb in verbs):
                    raise Http404("the actor has the verb nowhere")
                return view(request, *args, **kwargs)
            except Http404:
                if request.actor.withheld_guest and not GUEST_VERBS.isdisjoint(verbs):  # it may be what he is called in to
                    return _pledge_first(request)
                raise

        checked.verbs = verbs  # type: ignore[attr-defined]  # read by the rule tests
        return checked  # type: ignore[return-value]  # functools.wraps loses what P is

    return mark


def is_cut_off(request: HttpRequest) -> bool:
    """True when an upload was so large that it was not taken into memory; none is ever written to a disk in clear."""
    return request.method == "POST" and not request.FILES and int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def _pledge_first(request: TenantRequest) -> HttpResponse:
    """To the page of the pledge, and back to where he wanted to go; a page that saves by itself is told that it did not."""
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With") or request.headers.get("X-Autosave"):
        return HttpResponse(status=422)
    back = {"next": request.get_full_path()} if request.method in ("GET", "HEAD") else {}
    url = tenant_url(request, "pledge")
    return HttpResponseRedirect(f"{url}?{urlencode(back)}" if back else url)


def holds_or_guest(actor: Actor, verb: Verb) -> bool:
    """True when a seat gives the verb anywhere, or an ad hoc grant opens something with it."""
    return actor.holds(verb) or (verb in GUEST_VERBS and bool(actor.guests))


def door[V: Callable[..., Any]](check: Callable[..., Any]) -> Callable[[V], V]:
    """Name the door of a page with a row of its own: (actor, **ids of the address) -> what is behind it, or Http404, PermissionDenied or None.

    The page itself opens it; a mail that leads there asks it before it leaves (`access.doors`).
    """

    def mark(view: V) -> V:
        view.door = check  # type: ignore[attr-defined]  # read by access.doors
        return view

    return mark


def open_to_members[**P](view: View[P]) -> View[P]:
    """Mark a tenant's view that every member and guest may ask for (his own rows only)."""

    @wraps(view)
    def checked(request: TenantRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        kwargs.pop("slug", None)
        return view(request, *args, **kwargs)

    checked.verbs = ()  # type: ignore[attr-defined]  # read by the rule tests
    return checked  # type: ignore[return-value]  # functools.wraps loses what P is


def tenant_url(request: TenantRequest, name: str, *args: object) -> str:
    """The address of a page in the tenant of this request: the slug comes from the context."""
    return reverse(name, args=[request.tenant.slug, *args]) if args else _front(name, request.tenant.slug)


@lru_cache(2000)  # the menu stands on every page: a millisecond of each (script/bench)
def _front(name: str, slug: str) -> str:
    return reverse(name, args=[slug])


def render_page_or_part(request: TenantRequest, page: str, part: str, context: Mapping[str, Any], *, status: int = 200) -> TemplateResponse:
    """The whole page, or only its part when htmx asks: the part's file is included by the page."""
    return TemplateResponse(request, part if request.headers.get("HX-Request") else page, dict(context), status=status)


@dataclass(frozen=True)
class NavEntry:
    """A line of the main menu. Apps register theirs; who lacks the verb never sees it."""

    id: str
    route: str
    icon: str
    label: Any  # a text, or what makes one of the tenant: some kommuner have words of their own
    verbs: tuple[Verb, ...]
    order: int
    group: Any = ""
    desk: bool = False
    shown: Callable[[Tenant], bool] = lambda tenant: True  # some lines are for a kommune or a politikreds alone


_entries: list[NavEntry] = []


def register_nav(entry: NavEntry) -> None:
    """Called from an app's `ready()`."""
    if entry.id not in {known.id for known in _entries}:
        _entries.append(entry)
        _entries.sort(key=lambda known: known.order)


@dataclass(frozen=True)
class Finder:
    """The search field on top of every page: where it leads, and the verb without which it is not there."""

    route: str
    label: Any
    verb: Verb


_finders: list[Finder] = []


def register_finder(finder: Finder) -> None:
    """Called from an app's `ready()`. There is one."""
    _finders[:] = [finder]


@dataclass(frozen=True)
class OwnLink:
    """A line of the reader's own menu: a page about himself."""

    route: str
    icon: str
    label: Any


_own_links: list[OwnLink] = []


def register_own_link(link: OwnLink) -> None:
    """Called from an app's `ready()`."""
    if link not in _own_links:
        _own_links.append(link)


def _finder(request: TenantRequest, actor: Actor) -> dict[str, Any] | None:
    found = next((finder for finder in _finders if actor.holds(finder.verb)), None)
    return {"url": tenant_url(request, found.route), "label": found.label} if found else None


def page(plain: HttpRequest) -> dict[str, Any]:
    """Context processor: who acts, where, and the menu he may use. Asks the database nothing."""
    if getattr(plain, "tenant", None) is None:
        return {"actor": None, "tenant": None, "nav": (), "finder": None, "me": None, "is_demo": False}
    request = cast("TenantRequest", plain)
    if request.page_context is None:  # once a request: Min uge and a meeting have parts that are rendered by themselves
        request.page_context = _page_context(request)
    return request.page_context


def _page_context(request: TenantRequest) -> dict[str, Any]:
    actor, tenant, user = request.actor, request.tenant, request.user
    me = {"name": user.name, "initials": user.initials, "mark": user.mark, "title": title_here(actor) or user.title, "switch": True, "form_mark": mark_of(user),
          "own_url": tenant_url(request, "access_log") + "?egne=1",
          "links": tuple((tenant_url(request, link.route), link.icon, str(link.label)) for link in _own_links)}  # fmt: skip
    return {"actor": actor, "tenant": tenant, "nav": _menu(request, actor), "finder": _finder(request, actor), "me": me, "is_demo": tenant.is_demo}


def title_here(actor: Actor) -> str:
    """What he is in this tenant: the seat he has in most forums, and his appointment. Empty for who has neither; a guest's own title says more than «guest»."""
    seats = Counter(seat.label for seat in actor.seats if seat.forum_id).most_common(1)
    appointed = [seat.label for seat in actor.seats if not seat.forum_id and seat.label in AppointmentRole.values]
    return " · ".join(seat_name(label) for label in [*(label for label, _times in seats), *appointed])


class MenuLine(NamedTuple):
    """A line of the menu as one reader sees it. Texts only, so that two menus with the same lines are equal."""

    id: str
    url: str
    icon: str
    label: str
    is_current: bool
    group: str
    is_desk: bool


def _menu(request: TenantRequest, actor: Actor) -> tuple[MenuLine, ...]:
    lit, tenant = getattr(getattr(request.resolver_match, "func", None), "nav", ""), request.tenant
    return tuple(
        MenuLine(
            id=entry.id, url=tenant_url(request, entry.route), icon=entry.icon, label=str(entry.label(tenant) if callable(entry.label) else entry.label),
            is_current=entry.id == lit, group=str(entry.group), is_desk=entry.desk,
        )
        for entry in _entries
        if (not entry.verbs or any(actor.holds(verb) for verb in entry.verbs)) and entry.shown(tenant)
    )  # fmt: skip


def in_menu[**P](entry_id: str) -> Callable[[View[P]], View[P]]:
    """Decorator: which menu line is lit on this page. Stands above `@requires`."""

    def mark(view: View[P]) -> View[P]:
        view.nav = entry_id  # type: ignore[attr-defined]  # read by `_menu`
        return view

    return mark
