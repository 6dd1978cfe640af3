-- When the catalogue's topic was read from beginning to end, and what came of it. Without such a row the table
-- `products` may be the beginning of a catalogue only.
create table catalogue_reads (
    finished_at timestamptz not null default now(),
    records     bigint      not null,
    taken_over  bigint      not null,
    skipped     bigint      not null
);
