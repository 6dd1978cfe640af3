-- The payments that were there before it was known when the provider was first asked. To take the next errand's time for
-- it would have them sought among intents that are younger than theirs, and reported as missing.
update payments set first_asked_at = '2000-01-01T00:00:00Z' where provider_reference is not null and first_asked_at is null;
