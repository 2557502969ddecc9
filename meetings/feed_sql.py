"""Whose a calendar address is. Used by meetings/migrations. Never edit a text that has shipped: add a migration.

A calendar has no session, so nothing names a user to the walls: this function answers with his id alone, and what he may see is
resolved from it as for anybody (meetings.feed). It knows hashes; the address itself never comes to the database.
"""

READABLE = """
grant select (user_id, token_hash) on meetings_calendarfeed to ssp_figures;
create policy feed_owner on meetings_calendarfeed for select to ssp_figures using (true)
"""
FUNCTION = """
create function figures.owner_of_feed(hash text) returns bigint language sql stable security definer set search_path = public, pg_temp as $$
  select user_id from meetings_calendarfeed where token_hash = hash $$;
revoke execute on function figures.owner_of_feed(text) from public;
grant execute on function figures.owner_of_feed(text) to ssp_app
"""
