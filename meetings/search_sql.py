"""The SQL of search. Used by meetings/migrations. Never edit a text that has shipped: add a migration.

Row security keeps a full-text index from being used: `@@` is not leakproof (SECURITY.md A2). So a definer function asks
the index, and gives ids alone. It holds to the same walls as the policies of agenda items (tenant, forums by class, recusals),
and never touches an item of a person class; whoever reads the rows by these ids meets the policies once more.
"""

READABLE = """
grant select (title, text, decision, meeting_id) on meetings_agendaitem to ssp_figures;
grant select (id, what, who_id, forum_id, meeting_id) on meetings_agreement to ssp_figures;
create policy search_items on meetings_agendaitem for select to ssp_figures using (true);
create policy search_agreements on meetings_agreement for select to ssp_figures using (true);
create index agendaitem_words on meetings_agendaitem using gin (to_tsvector('danish', title || ' ' || text || ' ' || decision));
create index agreement_words on meetings_agreement using gin (to_tsvector('danish', what))
"""

# an item the context may read: the text of the policy `agenda_item_2` for its general classes
SEEN = """i.tenant_id = ssp_id('tenant') and i.id <> all (ssp_ids('recused_items'))
      and ((i.data_class in ('PUBLIC', 'INTERNAL') and i.forum_id = any (ssp_ids('agenda_forums')))
        or (i.data_class = 'AGGREGATE' and i.forum_id = any (ssp_ids('aggregate_forums'))))"""

FUNCTION = f"""
create function figures.search_minutes(wanted text, kinds text[], in_forum bigint, by_person bigint, since date, until date, most int, skip int)
  returns table (kind text, id bigint, matches bigint) language plpgsql stable security definer set search_path = public, pg_temp as $$
declare words tsquery := to_tsquery('danish', wanted);
begin
  if ssp_id('tenant') is null or cardinality(ssp_ids('agenda_forums')) = 0 then return; end if;
  return query
  with hits as (
    select 'item' as kind, i.id, i.meeting_id
    from meetings_agendaitem i
    where to_tsvector('danish', i.title || ' ' || i.text || ' ' || i.decision) @@ words and by_person is null
      and (kinds is null or 'item' = any (kinds) or ('decision' = any (kinds) and to_tsvector('danish', i.decision) @@ words))
      and {SEEN}
    union all
    select 'agreement', a.id, a.meeting_id
    from meetings_agreement a join meetings_agendaitem i on i.id = a.item_id
    where to_tsvector('danish', a.what) @@ words and (by_person is null or a.who_id = by_person) and (kinds is null or 'agreement' = any (kinds))
      and {SEEN}),
  shown as (
    select h.kind, h.id, m.starts_at, count(*) over () as matches from hits h join meetings_meeting m on m.id = h.meeting_id
    where (in_forum is null or m.forum_id = in_forum) and m.status <> 'CANCELLED'
      and (since is null or m.starts_at >= since) and (until is null or m.starts_at < until + 1)
    order by m.starts_at desc, h.kind, h.id limit least(most, 100) offset greatest(skip, 0))
  select case when s.kind = 'item' and exists (select from meetings_agendaitem i where i.id = s.id and to_tsvector('danish', i.decision) @@ words)
    then 'decision' else s.kind end, s.id, s.matches
  from shown s order by s.starts_at desc, s.kind, s.id;
end $$;
revoke execute on function figures.search_minutes(text, text[], bigint, bigint, date, date, int, int) from public;
grant execute on function figures.search_minutes(text, text[], bigint, bigint, date, date, int, int) to ssp_app
"""  # noqa: S608  # from a constant of this file

READABLE_2 = """
grant select (round) on meetings_agreement to ssp_figures;
grant select (agreement_id, round, user_id, seat_id) on meetings_agreementparty to ssp_figures;
create policy search_parties on meetings_agreementparty for select to ssp_figures using (true)
"""

# by who is responsible now: a person, and the seats whose places he has (or, without a person, the rows of one place)
FUNCTION_2 = (
    "drop function figures.search_minutes(text, text[], bigint, bigint, date, date, int, int);\n"
    + FUNCTION.replace("by_person bigint, since", "by_person bigint, by_seats bigint[], since")
    .replace("and by_person is null\n", "and by_person is null and by_seats is null\n")
    .replace(
        "(by_person is null or a.who_id = by_person)",
        """((by_person is null and by_seats is null) or exists (select from meetings_agreementparty p
        where p.agreement_id = a.id and p.round = a.round and (p.user_id = by_person or p.seat_id = any (by_seats))))""",
    )
    .replace("(text, text[], bigint, bigint, date, date, int, int)", "(text, text[], bigint, bigint, bigint[], date, date, int, int)")
)

# what the context says is read once for a search: in the statement it was made anew, out of a text, for every row that was found
FROM_CONTEXT = {
    "of_tenant bigint": "ssp_id('tenant')",
    "recused bigint[]": "ssp_ids('recused_items')",
    "agendas bigint[]": "ssp_ids('agenda_forums')",
    "aggregates bigint[]": "ssp_ids('aggregate_forums')",
}


def _with_context_read_once(text: str) -> str:
    head, begin, body = text.partition("\nbegin\n")
    for variable, key in FROM_CONTEXT.items():
        body = body.replace(key, variable.split()[0])
        head += f"\n  {variable} := {key};"
    return head + begin + body


FUNCTION_3 = _with_context_read_once(FUNCTION_2.partition("\n")[2].replace("create function", "create or replace function"))

# A word that very many items hold. What costs is not the index but the row of each hit: to know its meeting, and so how new it is.
# So beyond MOST_COUNTED nobody counts any more («more than 1,000»), and the index is asked once more for the items of the newest
# meetings alone, as many as a page needs: two bitmaps, put together before a row is read. A page has the very hits it had before.
MOST_COUNTED = 1000
_SEEN = SEEN
for _variable, _key in FROM_CONTEXT.items():
    _SEEN = _SEEN.replace(_key, _variable.split()[0])

_MEETINGS = """m.status <> 'CANCELLED' and (in_forum is null or m.forum_id = in_forum)
        and (since is null or m.starts_at >= since) and (until is null or m.starts_at < until + 1)"""
_HITS = f"""
    select h.kind, h.id, m.starts_at from (
      select 'item' as kind, i.id, i.meeting_id
      from meetings_agendaitem i
      where to_tsvector('danish', i.title || ' ' || i.text || ' ' || i.decision) @@ words and by_person is null and by_seats is null
        and (kinds is null or 'item' = any (kinds) or ('decision' = any (kinds) and to_tsvector('danish', i.decision) @@ words))
        and (newest is null or i.meeting_id = any (newest)) and {_SEEN}
      union all
      select 'agreement', a.id, a.meeting_id
      from meetings_agreement a join meetings_agendaitem i on i.id = a.item_id
      where to_tsvector('danish', a.what) @@ words and (kinds is null or 'agreement' = any (kinds))
        and ((by_person is null and by_seats is null) or exists (select from meetings_agreementparty p
          where p.agreement_id = a.id and p.round = a.round and (p.user_id = by_person or p.seat_id = any (by_seats))))
        and (newest is null or a.meeting_id = any (newest)) and {_SEEN}) h
    cross join lateral (select m.starts_at from meetings_meeting m where m.id = h.meeting_id and {_MEETINGS} offset 0) m"""  # noqa: S608  # from constants of this file

FUNCTION_4 = f"""
create or replace function figures.search_minutes(
  wanted text, kinds text[], in_forum bigint, by_person bigint, by_seats bigint[], since date, until date, most int, skip int
) returns table (kind text, id bigint, matches bigint) language plpgsql stable security definer
  set search_path = public, pg_temp set plan_cache_mode = force_custom_plan set max_parallel_workers_per_gather = 0 as $$
#variable_conflict use_column
declare
  words tsquery := to_tsquery('danish', wanted);
  of_tenant bigint := ssp_id('tenant');
  recused bigint[] := ssp_ids('recused_items');
  agendas bigint[] := ssp_ids('agenda_forums');
  aggregates bigint[] := ssp_ids('aggregate_forums');
  newest bigint[];
  wide int := 200;
  counted bigint;
  found_kinds text[];
  found_ids bigint[];
  found_at timestamptz[];
begin
  if of_tenant is null or cardinality(agendas) = 0 then return; end if;
  select array_agg(hit.kind), array_agg(hit.id), array_agg(hit.starts_at) into found_kinds, found_ids, found_at
    from (select * from ({_HITS}) hit limit {MOST_COUNTED} + 1) hit;
  counted := coalesce(cardinality(found_ids), 0);
  while counted > {MOST_COUNTED} loop
    newest := array(select m.id from meetings_meeting m where m.tenant_id = of_tenant and (m.forum_id = any (agendas) or m.forum_id = any (aggregates)) and {_MEETINGS}
      order by m.starts_at desc fetch first (wide) rows with ties);
    select array_agg(hit.kind), array_agg(hit.id), array_agg(hit.starts_at) into found_kinds, found_ids, found_at from ({_HITS}) hit;
    exit when cardinality(newest) < wide or cardinality(found_ids) >= greatest(skip, 0) + least(most, 100);
    wide := ceil(wide * greatest(2, 1.2 * (greatest(skip, 0) + least(most, 100)) / greatest(coalesce(cardinality(found_ids), 0), 1)));
  end loop;
  return query
    with shown as (
      select hit.* from unnest(found_kinds, found_ids, found_at) as hit (kind, id, starts_at)
      order by hit.starts_at desc, hit.kind, hit.id limit least(most, 100) offset greatest(skip, 0))
    select case when s.kind = 'item' and exists (select from meetings_agendaitem i where i.id = s.id and to_tsvector('danish', i.decision) @@ words)
      then 'decision' else s.kind end, s.id, counted
    from shown s order by s.starts_at desc, s.kind, s.id;
end $$
"""  # noqa: S608  # from constants of this file
