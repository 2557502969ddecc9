"""What the database refuses of a funktionsbeskrivelse, whoever asks and whatever a view forgets. Used by a migration.

It begins as a draft; only a draft is written, and what goes back is a draft of the next round. Who does not take the
minutes decides what lies at the leaders, and changes nothing else. It lies at the leaders only when somebody is named who
has not written it, and is approved only when each of them has approved it in the round that runs.

Never edit a text that has shipped: add a migration.
"""

EVERY_LEADER = """
create function ssp_function_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare decided constant text[] := array['status', 'round', 'approved_on', 'drafted_at_id', 'drafted_on'];
begin
  if tg_op = 'INSERT' then
    if new.status <> 'DRAFT' then raise exception 'a description begins as a draft' using errcode = 'check_violation'; end if;
    return new;
  end if;
  if not coalesce(new.forum_id = any(ssp_ids('minutes_forums')), false) and (old.status <> 'AT_LEADER' or new.status = 'FINAL'
     or (to_jsonb(new) - decided) is distinct from (to_jsonb(old) - decided)) then
    raise exception 'a leader decides what lies at the leaders, and changes nothing else' using errcode = 'check_violation';
  end if;
  if new.status <> 'DRAFT' and (new.title, new.organisation_id, new.tasks, new.duties) is distinct from (old.title, old.organisation_id, old.tasks, old.duties) then
    raise exception 'only a draft is written' using errcode = 'check_violation';
  end if;
  if new.round < old.round or (new.status = 'DRAFT' and old.status <> 'DRAFT' and new.round = old.round) then
    raise exception 'a draft that comes back begins the next round' using errcode = 'check_violation';
  end if;
  if new.status <> 'DRAFT' and (cardinality(new.leader_ids) = 0 or coalesce(new.author_id = any(new.leader_ids), false)) then
    raise exception 'a description is approved by leaders who have not written it' using errcode = 'check_violation';
  end if;
  if new.status in ('APPROVED', 'FINAL') and exists
     (select from unnest(new.leader_ids) l where not exists
       (select from plans_functionrecord r where r.description_id = new.id and r.step = 'APPROVED' and r.round = new.round and r.number = new.number and r.by_id = l)) then
    raise exception 'a leader has not approved this description' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger function_guard before insert or update on plans_functiondescription for each row execute function ssp_function_guard();
"""
NO_LEADER = "drop trigger function_guard on plans_functiondescription; drop function ssp_function_guard"
