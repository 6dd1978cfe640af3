-- A claim counts what is under way to each endpoint. In the index of all that is due it would walk over everything that
-- waits for its next attempt, which of a dead endpoint is all there is.
create index webhook_deliveries_under_way on webhook_deliveries (endpoint_id, work_due_at) where state = 'ATTEMPTING';

-- Only who fails persistently is disabled. Of those that fail now it is not known when they did last: they start afresh
-- if they are not called for long.
alter table webhook_endpoints add column last_failed_at timestamptz;
update webhook_endpoints set last_failed_at = failing_since where failing_since is not null;
alter table webhook_endpoints add check ((last_failed_at is null) = (failing_since is null));
