"""The SQL of the mails' log. Used by access/migrations. Never edit a text that has shipped: add a migration."""

GRANT = "grant select (kind, recipient_id, notice, created_at, outcome) on access_outboxmessage to ssp_figures"

# who got a mail of which kind, when, and what became of it: for who manages the tenant. Subject, address and content have no grant at all
FUNCTION = """
create function figures.mails_of_tenant(undelivered boolean, before timestamptz, most int)
  returns table (recipient_id bigint, notice text, created_at timestamptz, due_at timestamptz, sent_at timestamptz, attempts smallint, outcome text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select m.recipient_id, m.notice::text, m.created_at, m.due_at, m.sent_at, m.attempts, m.outcome::text from access_outboxmessage m
  where m.tenant_id = ssp_id('tenant') and 'manage_tenant' = any(ssp_words('tenant_verbs')) and m.kind = 'mail'
    and (not undelivered or m.sent_at is null) and (before is null or m.created_at < before)
  order by m.created_at desc limit least(most, 100) $$;
revoke execute on function figures.mails_of_tenant(boolean, timestamptz, int) from public;
grant execute on function figures.mails_of_tenant(boolean, timestamptz, int) to ssp_app
"""
