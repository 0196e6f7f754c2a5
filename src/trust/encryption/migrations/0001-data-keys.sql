-- Keys of this node's own encryption (blobs, sealed data): a data key for each patient, wrapped by a node key that is not in the database. These tables are the
-- node's own (docs/scale-out.md): each node seals with keys of its own, and a patient's content is sealed anew where it arrives.

-- The node keys that have been used, by the ids that the keys have.
create table node_key (
  id text primary key check (id ~ '^[0-9a-f]{32}$'),
  first_used timestamptz not null,
  -- Once retired, nothing new may be wrapped by it: a rotation is over when nothing is.
  retired timestamptz
);

create table data_key (
  id text primary key check (id ~ '^[0-9a-f]{32}$'),
  -- FYR_NODE of the node that seals with it.
  node text not null,
  -- `Patient/id` without the type; empty for what belongs to no patient.
  owner text not null,
  node_key text not null references node_key (id),
  -- Nonce, ciphertext and tag: AES-256-GCM with id, node and owner as associated data. Null once it was destroyed.
  wrapped bytea,
  made timestamptz not null,
  destroyed timestamptz,
  check ((wrapped is null) = (destroyed is not null))
);
create unique index data_key_in_use on data_key (node, owner) where wrapped is not null;
create index data_key_owner on data_key (owner);
create index data_key_by_node_key on data_key (node_key, id) where wrapped is not null;
