-- Models of document types that were trained here, and what people decided. Both tables are this node's own (docs/scale-out.md): small, the same wherever
-- they lie, of no patient.

create table classification_model (
  version text primary key,
  made_at timestamptz not null,
  -- As src/services/classification/model/model-file.ts writes it; null for one that ships with the program.
  file bytea,
  -- When it was last chosen: the latest of all is the one in use, and the one before it is what is rolled back to.
  chosen_at timestamptz
);

-- What a person decided of a document: hashed features and the type. No text, no patient, and the document by a hash of its id only.
create table classification_decision (
  document_hash bytea primary key,
  decided_at timestamptz not null,
  model text not null,
  suggested text not null,
  confidence real not null,
  decided text not null,
  bits int not null,
  buckets bytea not null,
  blocks bytea not null,
  counts bytea not null
);
