-- Browsers that keep a ward for when the node is gone, and what was captured on them. These tables are this node's own (docs/scale-out.md): a device belongs to the
-- node that it has its key from, and what is captured travels as resources of the record.

create table ward_device (
  id uuid primary key,
  name text not null,
  ward text not null,
  -- Practitioner/id, and the name as it was.
  person text not null,
  person_name text not null,
  since timestamptz not null,
  seen timestamptz not null,
  -- Until when it may keep its copy.
  until timestamptz not null,
  wipe_asked timestamptz,
  wiped timestamptz
);
create index ward_device_seen on ward_device (seen);

-- Each thing once: the id is the device's, and the ids of what it becomes in the record are given with it, so that handing it over twice makes nothing twice.
create table ward_capture (
  id uuid primary key,
  kind text not null check (kind in ('vitals', 'doses', 'note')),
  patient text not null,
  -- Of what was captured, so that another thing under the same id is refused.
  digest text not null,
  device uuid,
  captured_by text not null,
  handed_by text not null,
  typed timestamptz not null,
  received timestamptz not null,
  resources text[] not null,
  recorded timestamptz
);
create index ward_capture_open on ward_capture (received) where recorded is null;
