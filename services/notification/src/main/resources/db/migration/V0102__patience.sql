-- A claim counts what is under way to each endpoint. In the index of all that is due it would walk over everything that
-- waits for its next attempt, which of a dead endpoint is all there is.
create index webhook_deliveries_under_way on webhook_deliveries (endpoint_id, work_due_at) where state = 'ATTEMPTING';
