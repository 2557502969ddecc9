"""What the database refuses of the day of deletion, whoever asks and whatever a view forgets. Used by a migration.

A case is kept longer only along a `CaseExtension` of these two days that was written in the same transaction: one that
was used before gives no second prolonging. When it was written, the database says itself. Until today no reason is
needed (`Case.may_be_kept_until`).

Never edit a text that has shipped: add a migration.
"""

KEPT_LONGER = """
create function ssp_extension_stamp() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  new.extended_at := clock_timestamp();
  return new;
end $$;
create trigger extension_stamp before insert on cases_caseextension for each row execute function ssp_extension_stamp();

create function ssp_deletion_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.delete_on > greatest(old.delete_on, (now() at time zone 'Europe/Copenhagen')::date) and not exists
     (select from cases_caseextension e where e.case_id = new.id and e.delete_before = old.delete_on and e.delete_after = new.delete_on
      and e.extended_at >= transaction_timestamp()) then
    raise exception 'a case is kept longer only with a reason' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger deletion_guard before update of delete_on on cases_case for each row execute function ssp_deletion_guard();
"""
KEPT_BY_WORD = """
drop trigger deletion_guard on cases_case; drop function ssp_deletion_guard;
drop trigger extension_stamp on cases_caseextension; drop function ssp_extension_stamp
"""
