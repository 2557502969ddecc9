"""Who may have to be reminded of an aftale. Used by migrations of meetings and cases. Never edit a text that has shipped: add a migration.

The scheduler's user reads no aftale, and asking everybody who has a seat whether something is due cost each of them a context every hour.
So a definer function answers with ids of people alone, to the system's user alone: whose open aftale has a threshold of which nothing
is written down. It lets a few too many through (a seat goes by its key, or by title and organisation, without asking when it began);
what each is told is read with his own rights afterwards (meetings.reminders).
"""


def readable(agreements: str) -> str:
    """The columns that the function reads, of a kind of aftaler («meetings_agreement»), and of its reminders."""
    return f"""
grant select (id, tenant_id, round, status, due_on) on {agreements} to ssp_figures;
grant select (tenant_id, agreement_id, round, user_id, seat_id) on {agreements}party to ssp_figures;
grant select (tenant_id, agreement_id, user_id, threshold, due_on) on {agreements}reminder to ssp_figures;
create policy told_reminders on {agreements}reminder for select to ssp_figures using (tenant_id = (select ssp_id('tenant')))
"""


SEATS = """
grant select (id, tenant_id, forum_id, key, title, organisation_id, user_id, valid_from, valid_to) on municipalities_seat to ssp_figures;
create policy reminder_seats on municipalities_seat for select to ssp_figures using (tenant_id = (select ssp_id('tenant')))
"""


def function(name: str, agreements: str) -> str:
    """The function of a kind of aftaler: (today, the last day that is told of today) -> ids of people."""
    return f"""
create function figures.{name}(today date, until date) returns bigint[]
  language sql stable security definer set search_path = public, pg_temp as $$
  with due as (
    select a.id, a.due_on, a.round, case when a.due_on < today then 'OVERDUE' else 'SOON' end as threshold from {agreements} a
    where a.tenant_id = ssp_id('tenant') and coalesce(ssp_flag('is_system'), false) and a.status = 'OPEN' and a.due_on <= until
  ), people as (
    select d.*, p.user_id from due d join {agreements}party p on p.agreement_id = d.id and p.round = d.round where p.user_id is not null
    union
    select d.*, now.user_id from due d join {agreements}party p on p.agreement_id = d.id and p.round = d.round
      join municipalities_seat was on was.id = p.seat_id
      join municipalities_seat now on now.forum_id = was.forum_id and now.tenant_id = was.tenant_id and now.user_id is not null
        and now.valid_from <= now() and (now.valid_to is null or now.valid_to > now())
        and (now.id = was.id or (now.key = was.key and was.key <> '') or (now.title = was.title and now.organisation_id = was.organisation_id))
  )
  select coalesce(array_agg(distinct p.user_id), '{{}}') from people p where not exists (
    select from {agreements}reminder r
    where r.tenant_id = ssp_id('tenant') and r.agreement_id = p.id and r.user_id = p.user_id and r.threshold = p.threshold and r.due_on = p.due_on) $$;
revoke execute on function figures.{name}(date, date) from public;
grant execute on function figures.{name}(date, date) to ssp_app
"""  # noqa: S608  # names of our own tables
