-- A claim counts what is under way to each endpoint. In the index of all that is due it would walk over everything that
-- waits for its next attempt, which of a dead endpoint is all there is.
create index webhook_deliveries_under_way on webhook_deliveries (endpoint_id, work_due_at) where state = 'ATTEMPTING';

-- Only who fails persistently is disabled. Of those that fail now it is not known when they did last: they start afresh
-- if they are not called for long.
alter table webhook_endpoints add column last_failed_at timestamptz;
update webhook_endpoints set last_failed_at = failing_since where failing_since is not null;
alter table webhook_endpoints add column not_before timestamptz; -- until when it asked to be left alone
alter table webhook_endpoints add check (not_before is null or failing_since is not null);
alter table webhook_endpoints add check ((last_failed_at is null) = (failing_since is null));

-- Whoever rotates twice still has the receiver's secret sign: all that are within their overlap do, the newest first.
alter table webhook_endpoints
    add column previous_secrets text[]        not null default '{}',
    add column previous_untils  timestamptz[] not null default '{}';
update webhook_endpoints
set previous_secrets = array[previous_secret], previous_untils = array[previous_until]
where previous_secret is not null;
alter table webhook_endpoints
    drop column previous_secret,
    drop column previous_until,
    add check (cardinality(previous_secrets) = cardinality(previous_untils) and cardinality(previous_secrets) <= 3);

-- The log of deliveries is kept for a while only. Bodies leave with the last delivery of their notification.
create index webhook_deliveries_ended on webhook_deliveries (changed_at) where state in ('DELIVERED', 'GIVEN_UP');
