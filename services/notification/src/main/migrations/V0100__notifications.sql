-- What it takes to write to the customer of an order. Of an order whose placing was not heard yet there are only the
-- news, which wait.
create table correspondences (
    order_id       uuid   primary key,
    version        bigint not null check (version >= 1),
    customer_id    text,
    customer_email text,
    currency       text,
    lines          jsonb,
    total_minor    bigint check (total_minor >= 0),
    news           jsonb  not null,
    check (num_nulls(customer_id, customer_email, currency, lines, total_minor) in (0, 5))
);

create table notifications (
    id           uuid        primary key,
    -- The order of becoming due. The rows of one order are written one after the other, because its correspondence is
    -- locked, so among them it is the order in which the customer is to read them.
    position     bigint      generated always as identity,
    order_id     uuid        not null references correspondences,
    kind         text        not null check (kind in ('ORDER_CONFIRMED', 'ORDER_CANCELLED', 'ORDER_SHIPPED', 'ORDER_RETURNED', 'PAYMENT_REFUNDED')),
    channel      text        not null check (channel in ('EMAIL', 'WEBHOOK')),
    version      bigint      not null check (version >= 1),
    state        text        not null check (state in ('PENDING', 'SENDING', 'SENT', 'FAILED')),
    attempts     integer     not null check (attempts >= 0),
    work_due_at  timestamptz, -- PENDING: when to send it. SENDING: when whoever does so must have come back.
    error        text,        -- a word, never an address
    causation_id uuid        not null,
    traceparent  text,
    changed_at   timestamptz not null,
    unique (order_id, kind, channel), -- invariant I12
    check ((state in ('PENDING', 'SENDING')) = (work_due_at is not null)),
    check ((state = 'FAILED') = (error is not null))
);
create index notifications_due on notifications (work_due_at) where work_due_at is not null;
