create table products (
    sku         text   primary key,
    version     bigint not null check (version >= 1),
    name        text   not null,
    price_minor bigint not null check (price_minor > 0),
    currency    text   not null
);

-- On hand is what lies on the shelf; reserved is the part of it that orders hold.
create table stock (
    sku      text   primary key references products (sku),
    on_hand  bigint not null default 0 check (on_hand >= 0),
    reserved bigint not null default 0 check (reserved >= 0),
    check (reserved <= on_hand)
);

-- Every change of the stock, with its cause. The sums of a sku's deltas are its stock.
create table stock_ledger (
    position       bigint      generated always as identity primary key,
    sku            text        not null references stock (sku),
    cause          text        not null check (cause in ('ADJUSTED', 'RESERVED', 'RELEASED')),
    on_hand_delta  bigint      not null,
    reserved_delta bigint      not null,
    order_id       uuid,
    reason         text,
    occurred_at    timestamptz not null,
    check ((cause = 'ADJUSTED') = (order_id is null))
);
create index ledger_of_sku on stock_ledger (sku, position);

create table reservations (
    order_id uuid   primary key,
    version  bigint not null check (version >= 1),
    state    text   not null check (state in ('HELD', 'REJECTED', 'RELEASED')),
    lines    jsonb  not null
);
