"""What the database refuses of the organisation, whoever asks and whatever a view forgets. Used by a migration.

* A forum's class is raised only along an approved `ClassChange`; two persons stand behind one (its own check).
* No pupil, civil or private seat in a forum with person data: neither by seating, nor by raising, nor by renaming an organisation's kind.
* Who is no administrator changes nothing of a seat but its role, which is how an election is recorded.

Never edit a text that has shipped: add a migration.
"""

GUARD = """
create function ssp_raises(old_class text, new_class text) returns boolean language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when new_class = old_class or old_class like 'PERSON%' and new_class not like 'PERSON%' then false
              when new_class like 'PERSON%' then true
              else array_position(array['PUBLIC', 'INTERNAL', 'AGGREGATE'], new_class) > array_position(array['PUBLIC', 'INTERNAL', 'AGGREGATE'], old_class) end $$;

create function ssp_kept_out(the_forum bigint) returns boolean language sql stable set search_path = public, pg_temp as $$
  select exists (select from municipalities_seat s join municipalities_organisation o on o.id = s.organisation_id
                 where s.forum_id = the_forum and (s.valid_to is null or s.valid_to > statement_timestamp())
                   and (s.role in ('PUPIL', 'CIVIL') or o.kind = 'private')) $$;

create function ssp_forum_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if ssp_raises(old.ceiling, new.ceiling) and not exists
     (select from municipalities_classchange c where c.forum_id = new.id and c.status = 'APPROVED' and c.to_class = new.ceiling and c.to_kind = new.kind) then
    raise exception 'a forum is raised only when a second person has approved it' using errcode = 'check_violation';
  end if;
  if new.ceiling like 'PERSON%' and old.ceiling not like 'PERSON%' and ssp_kept_out(new.id) then
    raise exception 'a pupil, a civil member or a private organisation sits in this forum' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger forum_guard before update of ceiling, kind on municipalities_forum for each row execute function ssp_forum_guard();

create function ssp_seat_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and not coalesce('manage_tenant' = any(ssp_words('tenant_verbs')), false)
     and (to_jsonb(new) - array['role', 'role_before', 'elected_on', 'group_id']) is distinct from (to_jsonb(old) - array['role', 'role_before', 'elected_on', 'group_id']) then
    raise exception 'only an administrator changes a seat' using errcode = 'check_violation';
  end if;
  if (new.valid_to is null or new.valid_to > statement_timestamp())
     and exists (select from municipalities_forum f where f.id = new.forum_id and f.ceiling like 'PERSON%')
     and (new.role in ('PUPIL', 'CIVIL') or exists (select from municipalities_organisation o where o.id = new.organisation_id and o.kind = 'private')) then
    raise exception 'a pupil, a civil member or a private organisation cannot sit in a forum with person data' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger seat_guard before insert or update on municipalities_seat for each row execute function ssp_seat_guard();

create function ssp_organisation_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.kind = 'private' and old.kind <> 'private' and exists
     (select from municipalities_seat s join municipalities_forum f on f.id = s.forum_id
      where s.organisation_id = new.id and f.ceiling like 'PERSON%' and (s.valid_to is null or s.valid_to > statement_timestamp())) then
    raise exception 'this organisation sits in a forum with person data' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger organisation_guard before update of kind on municipalities_organisation for each row execute function ssp_organisation_guard();
"""
UNGUARD = """
drop trigger organisation_guard on municipalities_organisation; drop function ssp_organisation_guard;
drop trigger seat_guard on municipalities_seat; drop function ssp_seat_guard;
drop trigger forum_guard on municipalities_forum; drop function ssp_forum_guard; drop function ssp_kept_out; drop function ssp_raises;
"""

# An administrator neither seats himself in a forum with person data nor gives the seat that another gave him there more rights or more time.
OWN_SEAT = """
create function ssp_own_seat_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.user_id = ssp_id('user') and 'manage_tenant' = any(ssp_words('tenant_verbs')) and (new.valid_to is null or new.valid_to > statement_timestamp())
     and exists (select from municipalities_forum f where f.id = new.forum_id and f.ceiling like 'PERSON%')
     and (tg_op = 'INSERT' or new.user_id is distinct from old.user_id or new.forum_id <> old.forum_id or new.valid_from < old.valid_from
          or coalesce(new.valid_to, 'infinity') > coalesce(old.valid_to, 'infinity')
          or ((new.role <> old.role or new.group_id <> old.group_id) and old.role not in ('COORDINATOR', 'CHAIR'))) then
    raise exception 'nobody gives himself a seat or more rights in a forum with person data' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger own_seat_guard before insert or update on municipalities_seat for each row execute function ssp_own_seat_guard();
"""
NO_OWN_SEAT = "drop trigger own_seat_guard on municipalities_seat; drop function ssp_own_seat_guard"

# What takes two persons takes them here as well: nobody writes another's name under a wish for a higher class or an order of an export.
TWO_PERSONS = """
create function ssp_class_change_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.status <> 'ASKED' then raise exception 'a change of class begins with asking for it' using errcode = 'check_violation'; end if;
  elsif (new.forum_id, new.to_kind, new.to_class, new.asked_by_id) is distinct from (old.forum_id, old.to_kind, old.to_class, old.asked_by_id)
     or (new.status = 'APPROVED' and old.status <> 'APPROVED' and new.decided_by_id is distinct from ssp_id('user'))
     or (new.status in ('APPROVED', 'DONE') and old.status = 'APPROVED' and new.decided_by_id is distinct from old.decided_by_id) then
    raise exception 'a change of class is approved by the second person himself, as it was asked for' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger class_change_guard before insert or update on municipalities_classchange for each row execute function ssp_class_change_guard();

create function ssp_export_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.confirmed_by_id is not null then raise exception 'an export begins with ordering it' using errcode = 'check_violation'; end if;
  elsif new.ordered_by_id <> old.ordered_by_id or (new.confirmed_by_id is distinct from old.confirmed_by_id
     and (new.confirmed_by_id is distinct from ssp_id('user') or not coalesce('view_audit' = any(ssp_words('tenant_verbs')), false))) then
    raise exception 'an export is confirmed by the data protection officer himself' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger export_guard before insert or update on municipalities_exportorder for each row execute function ssp_export_guard();
"""
ONE_PERSON = """
drop trigger export_guard on municipalities_exportorder; drop function ssp_export_guard;
drop trigger class_change_guard on municipalities_classchange; drop function ssp_class_change_guard
"""

# Nor does anybody else seat one there: who sets the kommune up sees no person data. What the server's own command does is the system user's.
ADMINISTRATOR_SEAT = """
create function ssp_administrator_seat_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if not ssp_flag('is_system') and new.user_id is not null and (new.valid_to is null or new.valid_to > statement_timestamp())
     and (tg_op = 'INSERT' or new.user_id is distinct from old.user_id or new.forum_id <> old.forum_id or new.valid_from < old.valid_from
          or coalesce(new.valid_to, 'infinity') > coalesce(old.valid_to, 'infinity'))
     and exists (select from municipalities_forum f where f.id = new.forum_id and f.ceiling like 'PERSON%')
     and exists (select from municipalities_appointment a where a.tenant_id = new.tenant_id and a.user_id = new.user_id and a.role = 'ADMIN'
                 and (a.valid_to is null or a.valid_to > statement_timestamp())) then
    raise exception 'an administrator has no seat in a forum with person data' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger administrator_seat_guard before insert or update on municipalities_seat for each row execute function ssp_administrator_seat_guard();
"""
NO_ADMINISTRATOR_SEAT = "drop trigger administrator_seat_guard on municipalities_seat; drop function ssp_administrator_seat_guard"
