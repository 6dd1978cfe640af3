create table orders (
    id                uuid        primary key, -- UUIDv7: its order is the order of placing, to the millisecond
    version           bigint      not null check (version >= 1),
    status            text        not null check (status in ('PENDING', 'CONFIRMED', 'CANCELLED')),
    reason            text        check (reason in ('OUT_OF_STOCK', 'PAYMENT_DECLINED', 'TIMED_OUT', 'CUSTOMER_REQUEST')),
    note              text,
    stock             text        not null check (stock in ('NONE', 'RESERVED', 'REJECTED', 'RELEASED')),
    payment           text        not null check (payment in ('NONE', 'AUTHORIZED', 'DECLINED', 'VOIDED')),
    settled           boolean     not null,
    customer_id       text        not null,
    customer_email    text        not null,
    currency          text        not null,
    lines             jsonb       not null,
    total_minor       bigint      not null check (total_minor >= 0),
    payment_method    text        not null,
    placed_at         timestamptz not null,
    deadline          timestamptz not null,
    check ((status = 'CANCELLED') = (reason is not null))
);
create index orders_of_customer on orders (customer_id, id desc);
create index orders_by_status on orders (status, id desc);
create index orders_due on orders (deadline) where status = 'PENDING';

-- What happened to an order, in the order in which this service saw it.
create table timeline (
    order_id     uuid        not null,
    position     bigint      generated always as identity,
    type         text        not null,
    source       text        not null,
    sequence     bigint      not null,
    occurred_at  timestamptz not null,
    causation_id uuid,
    traceparent  text,
    primary key (order_id, position)
);

-- This service's own copy of the catalogue, from the topic `products`.
create table products (
    sku         text   primary key,
    version     bigint not null,
    name        text   not null,
    price_minor bigint not null check (price_minor >= 0),
    currency    text   not null
);
