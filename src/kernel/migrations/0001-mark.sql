-- How far long work has come (an import, the load of the sample), so that it goes on where it stopped. A few rows, on one machine.
create table mark (
  name text primary key,
  value jsonb not null,
  updated timestamptz not null default now()
);
