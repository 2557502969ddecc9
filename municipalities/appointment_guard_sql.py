"""What the database refuses of appointments, whoever asks and whatever a view forgets. Used by a migration.

* The group of an appointment, which gives the verbs, is that of its kommune and role.
* Nobody is both IT administrator and DPO of a kommune: who supervises is not whom he supervises (GDPR art. 38(6)).
* DPO or IT administrator becomes who stands in a wish that a second person has approved; or whom an operator, who is nobody in the kommune,
  appoints where nobody who has come holds the role; or whom the kommune's system user appoints, which is the server's own command. Ending an appointment takes none of these.
* An IT administrator made by one of the first two has no seat in a forum with person data.
* A wish begins with asking, is approved by a second person in his own name, and stays as it was asked for.

Never edit a text that has shipped: add a migration.
"""

GUARD = """
create function ssp_holds_now(the_from timestamptz, the_to timestamptz) returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
  select the_from <= statement_timestamp() and (the_to is null or the_to > statement_timestamp()) $$;

create function ssp_has_come(the_tenant bigint, the_user bigint) returns boolean language sql stable set search_path = public, pg_temp as $$
  select exists (select from access_user u where u.id = the_user and u.is_active and u.last_login is not null
                 and not exists (select from municipalities_invitation i
                                 where i.tenant_id = the_tenant and i.user_id = u.id and i.revoked_at is null and u.last_login < i.created_at)) $$;

create function ssp_appointment_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (new.tenant_id, new.user_id, new.role, new.group_id) = (old.tenant_id, old.user_id, old.role, old.group_id)
     and new.valid_from >= old.valid_from and coalesce(new.valid_to, 'infinity') <= coalesce(old.valid_to, 'infinity') then
    return new;
  end if;
  if not exists (select from auth_group g where g.id = new.group_id and g.name = 'tenant:' || new.tenant_id || ':' || new.role) then
    raise exception 'the group of an appointment is that of its role' using errcode = 'check_violation';
  end if;
  if new.role not in ('ADMIN', 'DPO') then
    return new;
  end if;
  if exists (select from municipalities_appointment a where a.tenant_id = new.tenant_id and a.user_id = new.user_id and a.role in ('ADMIN', 'DPO')
             and a.role <> new.role and (a.valid_to is null or a.valid_to > statement_timestamp())) then
    raise exception 'nobody is both administrator and data protection officer' using errcode = 'check_violation';
  end if;
  if ssp_flag('is_system') then
    return new;
  end if;
  if new.role = 'ADMIN' and exists
     (select from municipalities_seat s join municipalities_forum f on f.id = s.forum_id where s.tenant_id = new.tenant_id and s.user_id = new.user_id
      and f.ceiling like 'PERSON%' and (s.valid_to is null or s.valid_to > statement_timestamp())) then
    raise exception 'an administrator has no seat in a forum with person data' using errcode = 'check_violation';
  end if;
  if exists (select from municipalities_appointmentwish w join access_user u on lower(u.email) = w.email
             where w.tenant_id = new.tenant_id and w.role = new.role and w.status = 'APPROVED' and u.id = new.user_id) then
    return new;
  end if;
  if exists (select from access_user u where u.id = ssp_id('user') and u.is_operator and u.is_active and u.id <> new.user_id)
     and not exists (select from municipalities_appointment a where a.tenant_id = new.tenant_id and a.user_id = ssp_id('user') and ssp_holds_now(a.valid_from, a.valid_to))
     and not exists (select from municipalities_seat s where s.tenant_id = new.tenant_id and s.user_id = ssp_id('user') and ssp_holds_now(s.valid_from, s.valid_to))
     and not exists
     (select from municipalities_appointment a where a.tenant_id = new.tenant_id and a.role = new.role and ssp_holds_now(a.valid_from, a.valid_to)
      and ssp_has_come(a.tenant_id, a.user_id)) then
    return new;
  end if;
  raise exception 'an appointment takes a second person' using errcode = 'check_violation';
end $$;
create trigger appointment_guard before insert or update on municipalities_appointment for each row execute function ssp_appointment_guard();

create function ssp_decides_appointments(the_tenant bigint, the_user bigint) returns boolean language sql stable set search_path = public, pg_temp as $$
  select exists (select from municipalities_appointment a where a.tenant_id = the_tenant and a.user_id = the_user and a.role in ('ADMIN', 'DPO')
                 and ssp_holds_now(a.valid_from, a.valid_to))
      or exists (select from municipalities_seat s join municipalities_forum f on f.id = s.forum_id where s.tenant_id = the_tenant and s.user_id = the_user
                 and s.role = 'CHAIR' and f.kind in ('LOKALRAAD', 'STYREGRUPPE') and ssp_holds_now(s.valid_from, s.valid_to)) $$;

create function ssp_appointment_wish_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.status <> 'ASKED' or new.decided_by_id is not null or new.email <> lower(new.email) then
      raise exception 'an appointment begins with asking for it' using errcode = 'check_violation';
    end if;
    return new;
  end if;
  if (new.tenant_id, new.role, new.email, new.name, new.reason, new.asked_by_id) is distinct from (old.tenant_id, old.role, old.email, old.name, old.reason, old.asked_by_id)
     or old.status not in ('ASKED', 'APPROVED') or (new.status = 'ASKED' and old.status <> 'ASKED') or (new.status = 'DONE' and old.status <> 'APPROVED')
     or (new.status in ('APPROVED', 'DONE') and old.status = 'APPROVED' and new.decided_by_id is distinct from old.decided_by_id) then
    raise exception 'a wish for an appointment stays as it was asked for and decided' using errcode = 'check_violation';
  end if;
  if new.status = 'APPROVED' and old.status <> 'APPROVED' and (
       new.decided_by_id is distinct from ssp_id('user') or not ssp_decides_appointments(new.tenant_id, new.decided_by_id)
       or exists (select from access_user u where u.id = new.decided_by_id and lower(u.email) = new.email)) then
    raise exception 'an appointment is approved by the second person himself' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger appointment_wish_guard before insert or update on municipalities_appointmentwish for each row execute function ssp_appointment_wish_guard();
"""
UNGUARD = """
drop trigger appointment_wish_guard on municipalities_appointmentwish; drop function ssp_appointment_wish_guard; drop function ssp_decides_appointments;
drop trigger appointment_guard on municipalities_appointment; drop function ssp_appointment_guard; drop function ssp_has_come; drop function ssp_holds_now;
"""
