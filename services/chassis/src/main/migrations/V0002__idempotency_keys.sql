-- Which request a client's Idempotency-Key stands for, and what came of it. Written in the request's own transaction.
create table idempotency_keys (
    operation   text        not null,
    key         text        not null,
    fingerprint text        not null, -- SHA-256 of what the request said, in hex
    resource    text        not null, -- the id of what it made
    created_at  timestamptz not null default now(),
    primary key (operation, key)
);
