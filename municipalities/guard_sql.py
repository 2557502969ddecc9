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
