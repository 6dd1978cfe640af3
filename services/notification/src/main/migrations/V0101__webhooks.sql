-- Where receivers want to be called. What signs is stored as it is, because it must sign: whoever can read this table
-- can forge messages to the receivers, so it is to be protected as the mail addresses are.
create table webhook_endpoints (
    id              uuid        primary key,
    version         bigint      not null check (version >= 1),
    url             text        not null check (length(url) <= 2048),
    kinds           text[]      not null check (cardinality(kinds) between 1 and 5),
    secret          text        not null,
    previous_secret text,
    previous_until  timestamptz,
    failing_since   timestamptz, -- the first failure after the last success
    disabled_at     timestamptz,
    disabled_reason text        check (disabled_reason in ('GONE', 'FAILING')),
    created_at      timestamptz not null,
    check ((previous_secret is null) = (previous_until is null)),
    check ((disabled_at is null) = (disabled_reason is null)),
    check (disabled_at is null or failing_since is null)
);

-- A notification to webhooks has its deliveries and no work of its own.
alter table notifications drop constraint notifications_state_check;
alter table notifications add constraint notifications_state_check
    check (state in ('PENDING', 'SENDING', 'DELIVERING', 'SENT', 'FAILED'));
alter table notifications add column body text; -- what every endpoint gets at every attempt, to the byte
alter table notifications add check ((channel = 'WEBHOOK') = (body is not null));
alter table notifications add check (state <> 'DELIVERING' or channel = 'WEBHOOK');

create table webhook_deliveries (
    id                uuid        primary key,
    notification_id   uuid        not null references notifications,
    endpoint_id       uuid        not null, -- references nothing: the log outlives the endpoint
    order_id          uuid        not null,
    kind              text        not null,
    version           bigint      not null check (version >= 1),
    state             text        not null check (state in ('WAITING', 'ATTEMPTING', 'DELIVERED', 'GIVEN_UP')),
    attempts          integer     not null check (attempts >= 0),
    attempts_in_round integer     not null check (attempts_in_round between 0 and attempts),
    work_due_at       timestamptz, -- WAITING: when to attempt it. ATTEMPTING: when whoever does so must have come back.
    last_status       integer,
    last_error        text,        -- a word, never an address
    changed_at        timestamptz not null,
    unique (notification_id, endpoint_id),
    check ((state in ('WAITING', 'ATTEMPTING')) = (work_due_at is not null)),
    check (state <> 'GIVEN_UP' or last_error is not null)
);
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, work_due_at) where work_due_at is not null;
-- The log, newest first.
create index webhook_deliveries_by_endpoint on webhook_deliveries (endpoint_id, id);
create index webhook_deliveries_pending on webhook_deliveries (id) where state in ('WAITING', 'ATTEMPTING');
create index webhook_deliveries_given_up on webhook_deliveries (id) where state = 'GIVEN_UP';
