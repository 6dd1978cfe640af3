create table payments (
    order_id           uuid        primary key,
    version            bigint      not null check (version >= 1),
    state              text        not null check (state in ('AWAITING_STOCK', 'AWAITING_ORDER', 'AUTHORIZING', 'AUTHORIZED',
                                                             'DECLINED', 'ABANDONING', 'VOIDING', 'VOIDED', 'CANCELLED')),
    amount_minor       bigint      check (amount_minor >= 0),
    currency           text,
    -- The provider's token. It goes as soon as the provider need not be told it any more.
    payment_method     text,
    provider_reference text,
    decline_code       text,
    -- The event that brought the payment here, and its trace: what the provider's answer leads to is announced as an
    -- answer to it.
    cause_id           uuid        not null,
    traceparent        text,
    -- What is to be asked of the provider, and not before when. Who asks moves the time on first, so that nobody else
    -- asks meanwhile; if he dies, it comes.
    work               text,
    work_due_at        timestamptz,
    -- How often it may have been asked.
    attempts           integer     not null default 0 check (attempts >= 0),
    check ((amount_minor is null) = (currency is null)),
    check (amount_minor is not null or state in ('AWAITING_ORDER', 'CANCELLED')),
    check ((payment_method is not null) = (state in ('AWAITING_STOCK', 'AUTHORIZING', 'ABANDONING'))),
    check ((provider_reference is not null) = (state in ('AUTHORIZED', 'VOIDING', 'VOIDED'))),
    check ((decline_code is not null) = (state = 'DECLINED')),
    check (work is not distinct from case when state in ('AUTHORIZING', 'ABANDONING') then 'AUTHORIZE'
                                          when state = 'VOIDING' then 'VOID' end),
    check ((work is null) = (work_due_at is null))
);
create index payments_due on payments (work_due_at) where work_due_at is not null;
