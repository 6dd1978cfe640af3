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
