-- Keys of which an event could not be processed. Whoever takes an event of such a key parks it behind the others; the
-- row is locked by both sides, so that nothing is parked behind a replay that has just emptied the key.
create table parked_keys (
    key       text        primary key,
    parked_at timestamptz not null,
    replays   integer     not null default 0
);

-- What is parked: the records as they came, byte by byte. A record that could be read stands in the inbox, too.
create table parked_events (
    -- The order in which the events of a key are replayed.
    position         bigint      generated always as identity primary key,
    key              text        not null,
    topic            text        not null,
    topic_partition  integer     not null,
    topic_offset     bigint      not null,
    -- Tells a record from that at the same place of a topic which was deleted and made again.
    record_time      timestamptz not null,
    record_key       bytea,
    headers          jsonb       not null, -- [{"name": "ce_id", "value": "…"}], or "base64" for what is no text
    body             bytea,
    event_id         uuid,                 -- null for what could not be read
    type             text,                 -- as the record says; null if it does not
    error            text,                 -- null for what only follows
    parked_at        timestamptz not null,
    discarded_at     timestamptz,          -- somebody decided that it is not to have its effect
    unique (topic, topic_partition, topic_offset, record_time)
);

create index parked_events_by_key on parked_events (key, position) where discarded_at is null;

-- The inbox by day, so that old days leave as a whole. The id is a UUIDv7: its first 48 bits are the milliseconds at
-- which the event happened. InboxDays adds and drops the days; what fits in none lies in the default partition.
alter table inbox rename to inbox_in_one;
alter index inbox_pkey rename to inbox_in_one_pkey;
create table inbox (
    event_id uuid primary key
) partition by range (event_id);
create table inbox_other partition of inbox default;
insert into inbox select event_id from inbox_in_one;
drop table inbox_in_one;

-- A relay looks for rows of its own shares alone. By position alone it would read past all the rows of the others' shares.
alter table outbox drop constraint outbox_pkey, add primary key (partition, position);
