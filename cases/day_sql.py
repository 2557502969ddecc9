"""What the database refuses of a § 115 discussion before the day of its meeting, whoever asks and whatever a view forgets. Used by a migration.

Until then it is a preparation (`Meeting.is_its_day`): nobody has been present, and no level is agreed. The day is that of
Copenhagen. What was noted on its day stays when the meeting is moved afterwards.

Never edit a text that has shipped: add a migration.
"""

ON_ITS_DAY = """
create function ssp_day_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select from meetings_agendaitem i join meetings_meeting m on m.id = i.meeting_id where i.id = new.item_id
             and (m.starts_at at time zone 'Europe/Copenhagen')::date > (clock_timestamp() at time zone 'Europe/Copenhagen')::date) then
    raise exception 'before the day of the meeting nobody has been present and no level is set' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger day_guard before insert or update of item_id on cases_itempresence for each row execute function ssp_day_guard();
create trigger day_guard_new before insert on cases_discussion for each row when (new.concern_level is not null) execute function ssp_day_guard();
create trigger day_guard before update of concern_level, item_id on cases_discussion for each row
  when (new.concern_level is not null and (new.concern_level, new.item_id) is distinct from (old.concern_level, old.item_id)) execute function ssp_day_guard();
"""
ON_ANY_DAY = """
drop trigger day_guard on cases_discussion; drop trigger day_guard_new on cases_discussion; drop trigger day_guard on cases_itempresence;
drop function ssp_day_guard
"""
