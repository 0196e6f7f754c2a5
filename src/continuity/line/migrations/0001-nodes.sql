-- The nodes of the region and the places of care that each serves. These tables are this node's own (docs/scale-out.md): at the region as operators named them,
-- elsewhere as the node above told them last, so that a node that is cut off knows whom it serves.
create table sync_node (
  name text primary key,
  tier text not null check (tier in ('region', 'site', 'ward')),
  above text,
  -- Organizations and Locations that were named for the node, and all that lies below them: 'Organization/id'.
  roots text[] not null,
  places text[] not null
);

-- One row: by which map of places the reasons to hold patients were read last.
create table sync_places_read (
  one boolean primary key default true check (one),
  digest text not null
);
