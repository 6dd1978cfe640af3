alter table stock_ledger
    drop constraint stock_ledger_cause_check,
    add constraint stock_ledger_cause_check
        check (cause in ('ADJUSTED', 'RESERVED', 'RELEASED', 'COMMITTED', 'RESTOCKED'));

alter table reservations
    drop constraint reservations_state_check,
    add constraint reservations_state_check
        check (state in ('HELD', 'REJECTED', 'RELEASED', 'COMMITTED', 'RESTOCKED'));
