"""That a role on the tenant gives its own verbs, and no way round: the other half of `appointment_guard_sql`. Used by a migration.

An appointment needs two persons, but its verbs come from its group: whoever could give a group another verb or another group's name would
appoint by himself. So the database knows which verb the group of each role has (`access.roles.APPOINTMENT_TABLE`), a group keeps its name,
and the app renames no verb.

Never edit a text that has shipped: add a migration.
"""

GUARD = """
create function ssp_role_right_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if not exists (select from auth_group g, auth_permission p where g.id = new.group_id and p.id = new.permission_id
                 and ((g.name = 'tenant:' || new.content_object_id || ':ADMIN' and p.codename = 'manage_tenant')
                   or (g.name = 'tenant:' || new.content_object_id || ':DPO' and p.codename = 'view_audit'))) then
    raise exception 'a role on the tenant gives its own verbs alone' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger role_right_guard before insert or update on municipalities_tenantgrouppermission for each row execute function ssp_role_right_guard();

create function ssp_group_keeps_its_name() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'a group keeps its name: its rights hang on it' using errcode = 'check_violation';
end $$;
create trigger group_keeps_its_name before update of id, name on auth_group for each row when (new.name <> old.name or new.id <> old.id)
  execute function ssp_group_keeps_its_name();

revoke update on auth_permission from ssp_app;
"""
UNGUARD = """
grant update on auth_permission to ssp_app;
drop trigger group_keeps_its_name on auth_group; drop function ssp_group_keeps_its_name;
drop trigger role_right_guard on municipalities_tenantgrouppermission; drop function ssp_role_right_guard;
"""

# What a seat lets its holder do lies in the rows of its group too: they are written by who manages the kommune (and its system user), and by
# who minutes the forum, for an election may need a group that was not there. Nobody else gives his own seat another verb.
FORUM_GUARD = """
create function ssp_seat_right_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select from municipalities_forum f where f.id = new.content_object_id and f.tenant_id = ssp_id('tenant'))
     and (ssp_flag('is_system') or coalesce('manage_tenant' = any(ssp_words('tenant_verbs')), false) or new.content_object_id = any(ssp_ids('minutes_forums'))) then
    return new;
  end if;
  raise exception 'the rights of a forum are written by who manages the kommune, or minutes the forum' using errcode = 'check_violation';
end $$;
create trigger seat_right_guard before insert or update on municipalities_forumgrouppermission for each row execute function ssp_seat_right_guard();
"""
NO_FORUM_GUARD = "drop trigger seat_right_guard on municipalities_forumgrouppermission; drop function ssp_seat_right_guard"
