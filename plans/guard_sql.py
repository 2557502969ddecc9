"""What the database refuses of a funktionsbeskrivelse, whoever asks and whatever a view forgets. Used by a migration.

It lies at the leaders only when somebody is named who has not written it, and is approved only when each of them has
approved it in the round that runs. Never edit a text that has shipped: add a migration.
"""

EVERY_LEADER = """
create function ssp_function_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.status <> 'DRAFT' and (cardinality(new.leader_ids) = 0 or coalesce(new.author_id = any(new.leader_ids), false)) then
    raise exception 'a description is approved by leaders who have not written it' using errcode = 'check_violation';
  end if;
  if new.status in ('APPROVED', 'FINAL') and exists
     (select from unnest(new.leader_ids) l where not exists
       (select from plans_functionrecord r where r.description_id = new.id and r.step = 'APPROVED' and r.round = new.round and r.by_id = l)) then
    raise exception 'a leader has not approved this description' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger function_guard before update of status, leader_ids, author_id, round on plans_functiondescription for each row execute function ssp_function_guard();
"""
NO_LEADER = "drop trigger function_guard on plans_functiondescription; drop function ssp_function_guard"
