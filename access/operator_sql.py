"""Who may make somebody an operator: the command of whoever runs the product (`enter_operator`), and no page. Used by a migration.

`access_user` is read and written before anybody has a kommune, so it has no row security of its own (SECURITY.md): the one column in it
that opens anything has this. Never edit a text that has shipped: add a migration.
"""

OPERATOR_GUARD = """
create function ssp_operator_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.is_operator and (tg_op = 'INSERT' or not old.is_operator) and not ssp_flag('is_system') then
    raise exception 'only the command enter_operator makes an operator' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger operator_guard before insert or update of is_operator on access_user for each row execute function ssp_operator_guard();
"""
NO_OPERATOR_GUARD = "drop trigger operator_guard on access_user; drop function ssp_operator_guard();"
