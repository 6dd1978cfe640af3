-- The states after a shipment and a return, and what is asked of the provider in them.
alter table payments
    drop constraint payments_state_check,
    add constraint payments_state_check
        check (state in ('AWAITING_STOCK', 'AWAITING_ORDER', 'AUTHORIZING', 'AUTHORIZED', 'DECLINED', 'ABANDONING',
                         'VOIDING', 'VOIDED', 'CANCELLED', 'CAPTURING', 'CAPTURED', 'CAPTURING_TO_REFUND', 'REFUNDING',
                         'REFUNDED'));
do $$
declare
    old text;
begin
    -- They were given their names by the database.
    for old in
        select conname from pg_constraint
        where conrelid = 'payments'::regclass and contype = 'c'
          and (pg_get_constraintdef(oid) like '%provider_reference IS NOT NULL%'
            or pg_get_constraintdef(oid) like '%work IS DISTINCT FROM%')
    loop
        execute format('alter table payments drop constraint %I', old);
    end loop;
end $$;
alter table payments
    add constraint payments_reference_check
        check ((provider_reference is not null) = (state in ('AUTHORIZED', 'VOIDING', 'VOIDED', 'CAPTURING', 'CAPTURED',
                                                             'CAPTURING_TO_REFUND', 'REFUNDING', 'REFUNDED'))),
    add constraint payments_work_check
        check (work is not distinct from case when state in ('AUTHORIZING', 'ABANDONING') then 'AUTHORIZE'
                                              when state = 'VOIDING' then 'VOID'
                                              when state in ('CAPTURING', 'CAPTURING_TO_REFUND') then 'CAPTURE'
                                              when state = 'REFUNDING' then 'REFUND' end);

-- When the provider was first asked for anything; null as long as it may not have been. An authorization of which the
-- provider knows nothing is given up some time after it.
alter table payments
    add column first_asked_at timestamptz,
    add column changed_at timestamptz not null default now();
create index payments_first_asked on payments (first_asked_at) where provider_reference is not null;

-- Each kind of work has its own queue, so that neither waits behind the other.
create index payments_due_to_authorize on payments (work_due_at) where work = 'AUTHORIZE';
create index payments_due_to_settle on payments (work_due_at) where work <> 'AUTHORIZE';
drop index payments_due;

-- The provider's events that had their effect: it sends each until we have answered, and may send it again after that.
create table provider_events (
    id          text        primary key,
    received_at timestamptz not null
);
create index provider_events_received on provider_events (received_at);

-- When our payments are compared with the provider's next. One row: who moves the time on does it.
create table reconciliations (
    due_at timestamptz not null
);
insert into reconciliations (due_at) values (now());
