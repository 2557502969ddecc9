"""A forum whose minutes are no longer public has none published: the database sees to it, whichever way the forum is changed."""

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
