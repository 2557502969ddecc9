"""The SQL of the figures: what their owner may read, and one definer function per figure.

Used by reports/migrations. Never edit a text that has shipped: add a migration. Everything here that goes past row
security, for the allow-list of tests/rules/test_catalog.py:

* policies `figures_*` to the role ssp_figures on the tables of GRANTS: rows of the context's tenant, a few columns, no
  table with a name or a free text about a person;
* functions of the schema `figures`, owned by ssp_figures: `young_by_level`, `young_by_status`, `meetings`,
  `attendance`, `agreements`, `milestones` (security definer), `suppress`, `percent` and `half_year_end` (invoker).

A figure answers only in a context whose actor may order or read reports (`ssp.report_forums`), only for the context's
tenant, and only for a half-year that has ended: two answers cannot be compared by shifting the period. Counts of persons
leave a function already suppressed.
"""

POLICY = "create policy figures_{name} on {table} for select to ssp_figures using (tenant_id = (select ssp_id('tenant')))"
GRANTS = {
    "cases_case": "id, tenant_id, forum_id, person_id, opened_on, closed_on, concern_level",
    "meetings_meeting": "id, tenant_id, forum_id, starts_at, status",
    "meetings_attendance": "id, tenant_id, forum_id, meeting_id, seat_id, presence",
    "meetings_agendaitem": "id, tenant_id, forum_id, data_class",
    "meetings_agreement": "id, tenant_id, item_id, due_on, status",
    "municipalities_forum": 'id, tenant_id, key, name, level_id, kind, ceiling, "order", cadence_unit, cadence_number',
    "municipalities_level": 'id, tenant_id, "order"',
    "municipalities_seat": "id, tenant_id, forum_id, user_id, organisation_id",
    "municipalities_organisation": "id, tenant_id, mark",
    "plans_plan": "id, tenant_id, forum_id, public_id, title, status, period_from, period_to",
    "plans_initiative": 'id, tenant_id, plan_id, "order", title',
    "plans_milestone": "id, tenant_id, plan_id, initiative_id, status",
}
READABLE = ";\n".join(f"grant select ({columns}) on {table} to ssp_figures;\n{POLICY.format(name=table, table=table)}" for table, columns in GRANTS.items())

SUPPRESS = """
-- The cells and, behind them, their total; null where a number is hidden. Cells of 1 to 4 are hidden, and then the next
-- smallest ones (all of one size: which of two equals is hidden must not tell), until no hidden cell can be worked out
-- from the shown ones and the total, even by a reader who knows this rule (tests/reports/test_figures.py tries them all).
create function figures.suppress(cells int[]) returns int[] language plpgsql immutable set search_path = pg_temp as $$
declare
  many int := cardinality(cells);
  total int := (select coalesce(sum(c), 0) from unnest(cells) c);
  hidden boolean[] := array(select c between 1 and 4 from unnest(cells) with ordinality as u(c, i) order by i);
  k int; sum_hidden int; lowest int; highest int; next_size int;
begin
  if total between 1 and 4 then return array_fill(null::int, array[many + 1]); end if;
  loop
    select count(*), coalesce(sum(cells[i]), 0), min(cells[i]), max(cells[i]) into k, sum_hidden, lowest, highest
      from generate_subscripts(cells, 1) i where hidden[i];
    exit when k = 0 or (k >= 2 and sum_hidden >= 5 and not (lowest = highest and lowest in (1, 4)));
    select cells[i] into next_size from generate_subscripts(cells, 1) i where not hidden[i] order by cells[i] = 0, cells[i] limit 1;
    if not found then
      if highest = 1 then total := null; end if;
      exit;
    end if;
    hidden := array(select hidden[i] or cells[i] = next_size from generate_subscripts(cells, 1) i order by i);
  end loop;
  return array(select case when not hidden[i] then cells[i] end from generate_subscripts(cells, 1) i order by i) || total;
end $$;

-- no percent of fewer than 20
create function figures.percent(part bigint, whole bigint) returns int language sql immutable set search_path = pg_temp as
  $$ select case when whole >= 20 then round(100.0 * part / whole)::int end $$;

-- the last day of the half-year that begins on that day; refuses everybody and everything a report is not for
create function figures.half_year_end(first_day date) returns date language plpgsql stable set search_path = public, pg_temp as $$
declare last_day date := (first_day + interval '6 months' - interval '1 day')::date;
begin
  if ssp_id('tenant') is null or cardinality(ssp_ids('report_forums')) = 0 then
    raise insufficient_privilege using message = 'figures: this context has no right to a report';
  end if;
  if extract(day from first_day) <> 1 or extract(month from first_day) not in (1, 7) then
    raise invalid_parameter_value using message = 'figures: a half-year begins on 1 January or 1 July';
  end if;
  if last_day >= (now() at time zone 'Europe/Copenhagen')::date then
    raise invalid_parameter_value using message = 'figures: the half-year has not ended';
  end if;
  return last_day;
end $$;
"""

YOUNG = """
create function figures.young_by_level(first_day date) returns table (cell text, persons int, is_hidden boolean)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare last_day date := figures.half_year_end(first_day);
begin
  return query
  with young as (
    select max(concern_level) as level from cases_case
    where tenant_id = ssp_id('tenant') and opened_on between first_day and last_day group by person_id),
  shown as (select figures.suppress(array(
    select (select count(*) from young where young.level = one)::int from generate_series(1, 4) one order by one)) as cells)
  select case when i = 5 then 'total' else i::text end, cells[i], cells[i] is null from shown, generate_series(1, 5) i order by i;
end $$;

create function figures.young_by_status(first_day date) returns table (cell text, persons int, is_hidden boolean)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare last_day date := figures.half_year_end(first_day);
begin
  return query
  with young as (
    select bool_or(closed_on is null or closed_on > last_day) as is_open from cases_case
    where tenant_id = ssp_id('tenant') and opened_on between first_day and last_day group by person_id),
  shown as (select figures.suppress(array[
    (select count(*) from young where is_open)::int, (select count(*) from young where not is_open)::int]) as cells)
  select (array['open', 'closed', 'total'])[i], cells[i], cells[i] is null from shown, generate_series(1, 3) i order by i;
end $$;
"""

WORK = """
create function figures.meetings(first_day date) returns table (forum text, held int, held_in_year int, agreed_in_year int)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  last_day date := figures.half_year_end(first_day);
  year_before date := (last_day + interval '1 day' - interval '1 year')::date;
begin
  return query
  with held as (
    select m.forum_id, (m.starts_at at time zone 'Europe/Copenhagen')::date as day from meetings_meeting m
    where m.tenant_id = ssp_id('tenant') and m.status in ('CLOSED', 'APPROVED')),
  counted as (
    select f.name, l."order" as tier, f."order" as place,
      (select count(*) from held where forum_id = f.id and day between first_day and last_day)::int as half,
      (select count(*) from held where forum_id = f.id and day between year_before and last_day)::int as year,
      case f.cadence_unit when 'PER_YEAR' then f.cadence_number::int when 'WEEKS' then 52 / nullif(f.cadence_number, 0)
        when 'MONTHS' then 12 / nullif(f.cadence_number, 0) end as agreed
    from municipalities_forum f join municipalities_level l on l.id = f.level_id
    where f.tenant_id = ssp_id('tenant') and f.kind <> 'INFOHUS')
  select c.name::text, c.half, c.year, c.agreed from counted c where c.year > 0 or c.agreed > 0 order by c.tier, c.place, c.name;
end $$;

create function figures.attendance(first_day date) returns table (mark text, came int, called int, share int)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare last_day date := figures.half_year_end(first_day);
begin
  return query
  select o.mark::text, (count(*) filter (where a.presence = 'PRESENT'))::int, count(*)::int,
    figures.percent(count(*) filter (where a.presence = 'PRESENT'), count(*))
  from meetings_attendance a
    join meetings_meeting m on m.id = a.meeting_id and m.status in ('CLOSED', 'APPROVED')
    join municipalities_forum f on f.id = a.forum_id and f.kind <> 'INFOHUS'
    join municipalities_seat s on s.id = a.seat_id
    join municipalities_organisation o on o.id = s.organisation_id
  where a.tenant_id = ssp_id('tenant') and a.presence <> 'UNKNOWN'
    and (m.starts_at at time zone 'Europe/Copenhagen')::date between first_day and last_day
  group by o.mark order by array_position(array['skole', 'social', 'politi', 'andre'], o.mark::text);
end $$;

create function figures.agreements(first_day date) returns table (done int, open int, share int)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare last_day date := figures.half_year_end(first_day);
begin
  return query
  select (count(*) filter (where a.status = 'DONE'))::int, (count(*) filter (where a.status = 'OPEN'))::int,
    figures.percent(count(*) filter (where a.status = 'DONE'), count(*))
  from meetings_agreement a join meetings_agendaitem i on i.id = a.item_id and i.data_class in ('PUBLIC', 'INTERNAL', 'AGGREGATE')
  where a.tenant_id = ssp_id('tenant') and a.status <> 'DROPPED' and a.due_on between first_day and last_day;
end $$;

create function figures.milestones(first_day date)
  returns table (plan text, title text, place int, initiative text, not_started int, on_track int, delayed int, reached int)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare last_day date := figures.half_year_end(first_day);
begin
  return query
  select p.public_id::text, p.title::text, i."order"::int, i.title::text,
    (count(*) filter (where m.status = 'NOT_STARTED'))::int, (count(*) filter (where m.status = 'ON_TRACK'))::int,
    (count(*) filter (where m.status = 'DELAYED'))::int, (count(*) filter (where m.status = 'REACHED'))::int
  from plans_plan p join plans_initiative i on i.plan_id = p.id left join plans_milestone m on m.initiative_id = i.id
  where p.tenant_id = ssp_id('tenant') and p.status = 'APPROVED' and p.period_from <= last_day and p.period_to >= first_day
  group by p.public_id, p.title, p.period_from, i."order", i.title order by p.period_from, i."order";
end $$;
"""

CALLABLE = """
revoke execute on all functions in schema figures from public;
grant execute on function figures.outbox_tenants(), figures.suppress(int[]), figures.young_by_level(date), figures.young_by_status(date),
  figures.meetings(date), figures.attendance(date), figures.agreements(date), figures.milestones(date) to ssp_app
"""
FUNCTIONS = SUPPRESS + YOUNG + WORK + CALLABLE

# 0003: who came in another's place took that one's place; two rows, one place at the table
READABLE_3 = "grant select (stands_in_for_id) on meetings_attendance to ssp_figures"
ATTENDANCE_3 = """
create or replace function figures.attendance(first_day date) returns table (mark text, came int, called int, share int)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare last_day date := figures.half_year_end(first_day);
begin
  return query
  select o.mark::text, (count(*) filter (where a.presence = 'PRESENT'))::int, count(*)::int,
    figures.percent(count(*) filter (where a.presence = 'PRESENT'), count(*))
  from meetings_attendance a
    join meetings_meeting m on m.id = a.meeting_id and m.status in ('CLOSED', 'APPROVED')
    join municipalities_forum f on f.id = a.forum_id and f.kind <> 'INFOHUS'
    join municipalities_seat s on s.id = a.seat_id
    join municipalities_organisation o on o.id = s.organisation_id
  where a.tenant_id = ssp_id('tenant') and a.presence <> 'UNKNOWN'
    and not exists (select from meetings_attendance d where d.stands_in_for_id = a.id and d.presence = 'PRESENT')
    and (m.starts_at at time zone 'Europe/Copenhagen')::date between first_day and last_day
  group by o.mark order by array_position(array['skole', 'social', 'politi', 'andre'], o.mark::text);
end $$;
"""
