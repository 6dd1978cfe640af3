-- Events that a committed transaction has announced and that are not on Kafka yet. The first five columns are those of
-- Debezium's outbox event router, so that a team may switch the relay off and capture changes instead
-- (routed by the value alone; the other columns go into headers by table.fields.additional.placement).
create table outbox (
    id            uuid        not null,
    aggregatetype text        not null, -- the topic
    aggregateid   text        not null, -- the key
    type          text        not null,
    payload       text        not null,
    time          timestamptz not null,
    source        text        not null,
    dataschema    text        not null,
    sequence      bigint      not null,
    causationid   uuid,
    traceparent   text,
    -- The order of writing. Two rows of one aggregate are written one after the other, because its row is locked or its
    -- version checked, so among them it is the order of versions too. Across aggregates it means nothing.
    position      bigint      generated always as identity primary key,
    -- A hash of the aggregate, so that several replicas can relay side by side without splitting one.
    partition     smallint    not null
);

-- Every event that has had its effect here.
create table inbox (
    event_id    uuid        primary key,
    received_at timestamptz not null default now()
);
