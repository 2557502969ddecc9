"""Every address of a tenant, with real ids: what the matrix and the crawls walk over. Found in the URLconf, not listed."""

import html
import io
import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.urls import URLPattern, get_resolver

from tests import harness

TABLE_OF_PREFIX = {
    "moeder": "meetings_meeting", "fora": "municipalities_forum", "sager": "cases_case", "handleplaner": "plans_plan", "rapporter": "reports_report",
    "deling": "municipalities_release", "kommuner": "municipalities_release", "katalog": "plans_catalogueentry", "eksport": "municipalities_exportorder",
}  # fmt: skip
TABLE_OF_PARAMETER = {
    "meeting": "meetings_meeting", "seat": "municipalities_seat",
    "item": "meetings_agendaitem", "forum": "municipalities_forum", "case": "cases_case", "plan": "plans_plan", "grant": "cases_adhocgrant",
    "initiative": "plans_initiative", "follow_up": "plans_followup", "milestone": "plans_milestone", "agreement": "meetings_agreement", "report": "reports_report",
    "proposal": "meetings_itemproposal", "handover": "meetings_handover",
    "holiday": "municipalities_schoolholiday", "function": "plans_functiondescription", "call": "municipalities_callrequest",
    "level": "municipalities_level", "area": "municipalities_area", "organisation": "municipalities_organisation", "band": "municipalities_preventionlevel",
    "trin": "municipalities_trin", "change": "municipalities_classchange", "wish": "municipalities_appointmentwish",
    "template": "meetings_agendatemplate", "standing": "meetings_agendatemplateitem",
    "attachment": "meetings_attachment", "case_attachment": "cases_caseattachment", "case_agreement": "cases_caseagreement",
    "person": "access_user", "import": "municipalities_peopleimport", "review": "municipalities_accessreview", "ending": "municipalities_seatending",
}  # fmt: skip
ASKED = {"formaal": "meeting", "purpose": "meeting", "note": ""}  # how the purpose gate is passed
NO_ID = {"slug", "year"}  # a year is nobody's: this one is asked for


@dataclass(frozen=True)
class Route:
    """One address: its pattern, its name, its view."""

    pattern: str
    name: str
    view: object

    @property
    def parameters(self):
        return re.findall(r"<(?:\w+:)?(\w+)>", self.pattern)

    @property
    def ids(self):
        """The parameters that name a row."""
        return [name for name in self.parameters if name not in NO_ID]

    def table(self, parameter):
        """The table whose public ids fit this parameter."""
        word = re.sub(r"_(public_)?id$", "", parameter)
        return TABLE_OF_PARAMETER.get(word) or TABLE_OF_PREFIX[self.pattern.split("/")[1]]

    def url(self, slug, ids):
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: {"slug": slug, "year": str(date.today().year), **ids}[found[1]], self.pattern)


def _walk(patterns, prefix=""):
    for entry in patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Route(here, entry.name or "", entry.callback)
        else:
            yield from _walk(entry.url_patterns, here)


def all_routes():
    """Every URL pattern of the product."""
    return list(_walk(get_resolver("ssp.urls").url_patterns))


def tenant_routes():
    """Those inside a tenant."""
    return [route for route in all_routes() if route.pattern.startswith("<slug:slug>/")]


def tenant_id(slug):
    with harness.admin(harness.DATABASE) as conn:
        return conn.execute("select id from municipalities_tenant where slug = %s", [slug]).fetchone()[0]


@cache
def public_ids(table, slug):
    """Some ids of a tenant's rows, spread over forums of different kinds; as a superuser, who sees them all."""
    with harness.admin(harness.DATABASE) as conn:
        if table == "access_user":  # users belong to no kommune: those who sit in this one alone
            sits = "exists (select from municipalities_seat s where s.user_id = u.id and s.tenant_id {} %(t)s)"
            query = f"select public_id from access_user u where {sits.format('=')} and not {sits.format('<>')} order by id desc limit 8"
            return [row[0] for row in conn.execute(query, {"t": tenant_id(slug)}).fetchall()]
        columns = {row[0] for row in conn.execute("select column_name from information_schema.columns where table_name = %s", [table]).fetchall()}
        spread = "forum_id" if "forum_id" in columns else "kind" if "kind" in columns else "mod(id, 3)"
        query = f"select distinct on ({spread}) public_id from {table} where tenant_id = %s order by {spread}, id desc"
        return [row[0] for row in conn.execute(query, [tenant_id(slug)]).fetchall()][:8]


def addresses(route, slug, ids_of=None, most=8):
    """At most `most` addresses of the route in a tenant, with ids of that tenant or of another (`ids_of`)."""
    found = {name: public_ids(route.table(name), ids_of or slug) for name in route.ids}
    if any(not ids for ids in found.values()):
        return []
    count = min(max([len(ids) for ids in found.values()], default=1), most)
    return [route.url(slug, {name: ids[n % len(ids)] for name, ids in found.items()}) for n in range(count)]


def visits(window, slug, within=""):
    """(url, response) of every page; cases are opened through the purpose gate, like a person does it. `within`: pages whose address holds it."""
    for route in (route for route in tenant_routes() if within in route.pattern):
        if route.name == "case_purpose":
            for url in addresses(route, slug):
                yield url, window.post(url, ASKED)
        for url in addresses(route, slug, most=1 if route.pattern.endswith("pdf") else 3):
            yield url, window.get(url)


def readable(response):
    """The text of a page or a PDF, as a person reads it."""
    if response.streaming:
        return ""
    if response.headers.get("Content-Type", "").startswith("application/pdf"):
        from pypdf import PdfReader

        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    else:
        text = html.unescape(response.content.decode(errors="replace"))
    return re.sub(r"[\s\u00a0\u2060]+", " ", text.replace("\u2060", ""))


@dataclass(frozen=True)
class Canary:
    """A text that gives a person away."""

    text: str
    person_id: int
    slug: str


def canaries():
    """Names, addresses and sentences about every person in the database, of both kommuner."""
    query = """
      select d.name, d.person_id, t.slug from cases_persondata d join municipalities_tenant t on t.id = d.tenant_id
      union select d.address, d.person_id, t.slug from cases_persondata d join municipalities_tenant t on t.id = d.tenant_id where d.address <> ''
      union select left(c.reason, 40), c.person_id, t.slug from cases_casetext c join municipalities_tenant t on t.id = c.tenant_id
      union select left(s.facts, 40), s.person_id, t.slug from cases_discussion s join municipalities_tenant t on t.id = s.tenant_id where s.facts <> ''
      union select left(a.what, 40), a.person_id, t.slug from cases_caseagreementtext a join municipalities_tenant t on t.id = a.tenant_id
      union select left(e.reason, 40), e.person_id, t.slug from cases_caseextension e join municipalities_tenant t on t.id = e.tenant_id
      union select left(r.remark, 40), r.person_id, t.slug from cases_caseagreementremark r join municipalities_tenant t on t.id = r.tenant_id"""
    with harness.admin(harness.DATABASE) as conn:
        found = [Canary(re.sub(r"[\s\u00a0]+", " ", text).strip(), person, slug) for text, person, slug in conn.execute(query).fetchall()]
    return [canary for canary in found if len(canary.text) > 8]


def shown_on(response, watched):
    """The canaries of `watched` that a page or a PDF shows; it is read once, which for a PDF takes its time."""
    text = readable(response)
    return {canary for canary in watched if canary.text in text}


def other_texts(slug):
    """Sentences of general minutes, plans and forums of a tenant: no canary of a person, but another kommune's all the same."""
    query = """select left(text, 40) from meetings_agendaitem where tenant_id = %(t)s and length(text) > 30
      union select title from plans_plan where tenant_id = %(t)s union select left(what, 40) from meetings_agreement where tenant_id = %(t)s and length(what) > 20"""
    with harness.admin(harness.DATABASE) as conn:
        return [row[0].strip() for row in conn.execute(query, {"t": tenant_id(slug)}).fetchall()]
