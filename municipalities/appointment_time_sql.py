"""That a wish for an appointment lapses, whatever a view forgets: the clock beside `appointment_guard_sql`. Used by a migration.

* The moment of asking stays as it was, and lies never ahead: nobody makes a wish last longer.
* What was asked for 30 days ago (`AppointmentWish.LASTS`) is neither approved nor carried out, and appoints nobody.

Never edit a text that has shipped: add a migration.
"""

from municipalities.appointment_guard_sql import GUARD

ANY_AGE = "w.status = 'APPROVED' and"
IN_TIME = "w.status = 'APPROVED' and w.asked_at > statement_timestamp() - interval '30 days' and"
_FROM, _TO = GUARD.index("create function ssp_appointment_guard()"), GUARD.index("create trigger appointment_guard ")
_APPOINTS = GUARD[_FROM:_TO].replace("create function", "create or replace function")

LAPSE = (
    _APPOINTS.replace(ANY_AGE, IN_TIME)
    + """
create function ssp_appointment_wish_time() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' and new.asked_at <= statement_timestamp() then
    return new;
  end if;
  if tg_op = 'UPDATE' and new.asked_at = old.asked_at
     and (new.status = old.status or new.status not in ('APPROVED', 'DONE') or new.asked_at > statement_timestamp() - interval '30 days') then
    return new;
  end if;
  raise exception 'a wish for an appointment lapses 30 days after it was asked for' using errcode = 'check_violation';
end $$;
create trigger appointment_wish_time before insert or update on municipalities_appointmentwish for each row execute function ssp_appointment_wish_time();
"""
)
NO_LAPSE = "drop trigger appointment_wish_time on municipalities_appointmentwish; drop function ssp_appointment_wish_time;" + _APPOINTS
