"""Ten years of a busy kommune: 20 forums, 20,000 meetings, 200,000 items, 60,000 agreements, made by the superuser in one go."""

import random
from datetime import timedelta
from typing import Any

from django.utils import timezone

from access.context import context_of
from access.roles import DataClass, ForumKind, SeatRole
from bench import visitors
from bench.world import superuser
from meetings.models import AgendaItem, Agreement, AgreementParty, Meeting
from municipalities import actions
from municipalities.models import Forum, Level, Organisation, Tenant
from municipalities.presets import setup_actor

FORUMS, MEETINGS, ITEMS_EACH, LONG_AGENDA = 20, 20_000, 10, 60
RARE, COMMON = "kajakpolo", "skole"  # one item in 2,000, and one in 20
WORDS = (  # noqa: SIM905  # one long list of words reads better as a text
    "aften aftale barn bekymring besøg cykel dialog elev familie fest forløb forældre fravær fritid gruppe hjem hverdag idræt indsats initiativ klasse klub "
    "konflikt kultur kursus leder lokale lærer mobil møde nabo netværk oplæg opgave park pause plads plan politi praktik projekt rusmiddel samtale sommer "
    "sport spørgsmål station støtte svar tilbud time torv trivsel trygge tur undervisning ung ungdom uro vagt vane ven viden vinter voksen værksted økonomi"
).split()


def grow(user_key: str) -> Meeting:
    """Make the rows, with this person as coordinator of the forums. Returns a meeting with a long agenda."""
    forums = _forums(user_key)
    meeting = _first_rows(user_key, forums)
    with superuser() as conn:
        conn.execute(SAYS)
        indexes = [row[0] for row in conn.execute("select indexdef from pg_indexes where indexname in ('agendaitem_words', 'agreement_words')").fetchall()]
        conn.execute("drop index agendaitem_words, agreement_words")  # a full-text index is quicker made once than grown
        values = {"meeting": meeting.pk, "forums": [forum.pk for forum in forums], "meetings": MEETINGS, "each": ITEMS_EACH, "rare": RARE, "common": COMMON}
        for statement in (MORE_MEETINGS, MORE_ITEMS, MORE_AGREEMENTS, MORE_PARTIES):
            conn.execute(statement, values)
        for index in indexes:
            conn.execute(index)
        conn.execute("vacuum analyze")
    return meeting


def _forums(user_key: str) -> list[Forum]:
    tenant, user = Tenant.objects.get(slug=visitors.SLUG), visitors.user_of(user_key)
    actor = setup_actor(tenant)
    with context_of(actor):
        level, organisation = Level.objects.filter(tenant=tenant).first(), Organisation.objects.filter(tenant=tenant).first()
        assert level is not None
        assert organisation is not None
        made = []
        for n in range(FORUMS):
            forum = actions.open_forum(
                tenant, actor=actor, key=f"bench-{n}", name=f"Netværk {n + 1}", level=level, kind=ForumKind.NETVAERK, ceiling=DataClass.AGGREGATE, order=100 + n
            )
            actions.add_seat(forum, actor=actor, role=SeatRole.COORDINATOR, title="SSP-konsulent", organisation=organisation, user=user)
            made.append(forum)
    return made


def _first_rows(user_key: str, forums: list[Forum]) -> Meeting:
    now, user = timezone.now(), visitors.user_of(user_key)
    with context_of(visitors.actor(user_key)) as actor:
        about: dict[str, Any] = {"tenant_id": actor.tenant_id, "forum": forums[0]}
        meeting: Meeting = Meeting.objects.create(**about, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=2), status="CALLED")
        items = [
            AgendaItem.objects.create(**about, meeting=meeting, order=n, title=f"Punkt {n}", text=" ".join(random.choices(WORDS, k=40)), kind="DROEFTELSE")  # noqa: S311  # words to measure with
            for n in range(1, LONG_AGENDA + 1)
        ]
        agreement = Agreement.objects.create(**about, meeting=meeting, item=items[0], what="Måles", due_on=now.date(), status="DONE", created_by=user)
        AgreementParty.objects.create(tenant_id=actor.tenant_id, item=items[0], agreement=agreement, user=user)
    return meeting


# New rows are copies of the first one with other values: columns that later work adds come along by themselves.
# two thousand texts to choose among: drawing each word of 200,000 items anew takes minutes
SAYS = f"""
create temporary table said as
  select n as no, string_agg(word, ' ' order by k) filter (where k <= 3) as title, string_agg(word, ' ' order by k) filter (where k <= 8) as decision,
    string_agg(word, ' ' order by k) as text
  from (select n, k, (array{list(WORDS)})[1 + floor(random() * {len(WORDS)})::int] || (array{list(WORDS)})[1 + floor(random() * {len(WORDS)})::int] as word
    from generate_series(0, 1999) n, generate_series(1, 40) k) drawn group by n;
create unique index on said (no);
analyze said"""  # noqa: S608  # our own words
COPY = """insert into {table} select (jsonb_populate_record(null::{table}, old.j || jsonb_build_object({values}))).*
  from (select to_jsonb(t) as j from {table} t where {first} limit 1) old, {source}"""
PUBLIC_ID = "'public_id', left(translate(md5(random()::text || n), '01', '23'), 14)"
MINE = "forum_id = any(%(forums)s)"
MORE_MEETINGS = COPY.format(
    table="meetings_meeting", first="id = %(meeting)s", source="generate_series(1, %(meetings)s) n",
    values=f"""'id', nextval(pg_get_serial_sequence('meetings_meeting', 'id')), {PUBLIC_ID},
      'forum_id', (%(forums)s::bigint[])[1 + n %% cardinality(%(forums)s::bigint[])], 'status', 'APPROVED',
      'starts_at', now() - n * interval '4 hours' - interval '2 days', 'ends_at', now() - n * interval '4 hours' - interval '46 hours'""",
)  # fmt: skip
MORE_ITEMS = COPY.format(
    table="meetings_agendaitem", first="meeting_id = %(meeting)s",
    source=f"meetings_meeting m cross join generate_series(1, %(each)s) n join said s on s.no = (m.id * 7919 + n * 104729) %% 2000 where m.{MINE} and m.id <> %(meeting)s",
    values=f"""'id', nextval(pg_get_serial_sequence('meetings_agendaitem', 'id')), {PUBLIC_ID.replace("|| n", "|| m.id || n")},
      'meeting_id', m.id, 'forum_id', m.forum_id, 'order', n, 'title', s.title, 'decision', case when n = 3 then s.decision else '' end,
      'text', s.text || case when random() < 0.0005 then ' ' || %(rare)s when random() < 0.05 then ' ' || %(common)s else '' end""",
)  # fmt: skip
MORE_AGREEMENTS = COPY.format(
    table="meetings_agreement", first="meeting_id = %(meeting)s",
    source=f"(select i.*, s.decision as said from meetings_agendaitem i join said s on s.no = i.id %% 2000 where i.{MINE} and i.\"order\" <= 3 and i.meeting_id <> %(meeting)s) i",  # noqa: S608
    values=f"""'id', nextval(pg_get_serial_sequence('meetings_agreement', 'id')), {PUBLIC_ID.replace("|| n", "|| i.id")}, 'meeting_id', i.meeting_id, 'item_id', i.id,
      'forum_id', i.forum_id, 'what', i.said""",
)  # fmt: skip
MORE_PARTIES = COPY.format(
    table="meetings_agreementparty", first="agreement_id in (select id from meetings_agreement where meeting_id = %(meeting)s)",
    source=f"meetings_agreement a where a.{MINE} and not exists (select from meetings_agreementparty p where p.agreement_id = a.id)",
    values="'id', nextval(pg_get_serial_sequence('meetings_agreementparty', 'id')), 'agreement_id', a.id, 'item_id', a.item_id",
)
