"""`{% term "coordinator" %}`: what the kommune of this page calls something. No query: the tenant in the context holds its names."""

from django import template

from municipalities import terms
from municipalities.models import Release

register = template.Library()


@register.simple_tag(takes_context=True)
def term(context: template.Context, name: str, form: str = "", start: bool = False) -> str:
    """The word, or its "definite" or "plural" form; `start=True` with a capital."""
    return terms.term(getattr(context.get("tenant"), "terms", None), name, form, start=start)


@register.simple_tag(takes_context=True)
def release_kind(context: template.Context, release: Release) -> str:
    """What kind of thing is shared; a plan bears the name that the kommune which shares it gives its own."""
    here = context.get("tenant")
    owner = here if here is not None and here.id == release.tenant_id else release.tenant
    return terms.term(owner.terms, terms.Term.PLAN, start=True) if release.kind == Release.Kind.PLAN else release.get_kind_display()


@register.simple_tag(takes_context=True)
def kind_name(context: template.Context, kind: str) -> str:
    """What this kommune calls a kind of forum."""
    return terms.kind_name(getattr(context.get("tenant"), "terms", None), kind)


@register.simple_tag(takes_context=True)
def role_name(context: template.Context, role: str) -> str:
    """What this kommune calls a role in a forum."""
    return terms.role_name(getattr(context.get("tenant"), "terms", None), role)
