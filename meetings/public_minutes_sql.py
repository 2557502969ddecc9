"""What is published goes with what made it public: the database sees to it, whichever way the forum or the meeting is changed.

Used by migrations. Never edit a text that has shipped: add a migration.
"""

WITHDRAW = """
create function meetings_withdraw_public_minutes() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  delete from meetings_publicminutes where forum_id = new.id;
  return null;
end $$;
create trigger forum_withdraws_public_minutes after update of minutes_are_public on municipalities_forum
  for each row when (old.minutes_are_public and not new.minutes_are_public) execute function meetings_withdraw_public_minutes();
"""
UNDO = """
drop trigger forum_withdraws_public_minutes on municipalities_forum;
drop function meetings_withdraw_public_minutes();
"""

# Row security deletes in silence nothing of what the context may not delete: so it is looked for afterwards, by a context that would see it.
WITHDRAW_REOPENED = """
create function meetings_withdraw_reopened_minutes() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  delete from meetings_publicminutes where meeting_id = new.id;
  if not coalesce(ssp_flag('is_member'), false) or exists (select from meetings_publicminutes where meeting_id = new.id) then
    raise exception 'the public minutes of meeting % are not withdrawn', new.id using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger meeting_withdraws_public_minutes after update of status on meetings_meeting
  for each row when (old.status = 'APPROVED' and new.status <> 'APPROVED') execute function meetings_withdraw_reopened_minutes();
"""
UNDO_REOPENED = """
drop trigger meeting_withdraws_public_minutes on meetings_meeting;
drop function meetings_withdraw_reopened_minutes();
"""

# The files go with their minutes, whichever way these go; where row security would keep one, the foreign key stops it all.
FILES_GO_TOO = """
create function meetings_withdraw_public_files() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  delete from meetings_publicattachment where minutes_id = old.id;
  return old;
end $$;
create trigger public_minutes_take_their_files before delete on meetings_publicminutes for each row execute function meetings_withdraw_public_files();
"""
FILES_STAY = """
drop trigger public_minutes_take_their_files on meetings_publicminutes;
drop function meetings_withdraw_public_files();
"""
