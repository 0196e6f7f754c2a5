-- The index of search by clinical concept: made from the record's feed and from the texts of documents, and made again from them at any time.
-- Its rows are put by one follower at a time (clinical_search_follower is its lock).

-- What can be found: one row a resource of a patient's record, in the patient's bucket. content: the text that is searched and shown.
-- passages: where each passage of it lies and its terms (packed-passages.ts). terms: those of all passages, for searches across patients.
create table clinical_search_document (
  bucket int not null,
  type text not null,
  id text not null,
  patient text not null,
  kind text not null,
  title text not null,
  at bigint,
  author text,
  site text,
  content text not null,
  passages bytea not null,
  terms int[] not null,
  primary key (bucket, type, id)
);
create index clinical_search_document_patient on clinical_search_document (bucket, patient);
create index clinical_search_document_terms on clinical_search_document using gin (terms) with (fastupdate = on, gin_pending_list_limit = 8192);
create index clinical_search_document_at on clinical_search_document (at desc nulls last);

-- In how many rows a term stands. The node's own: it is about what this node holds.
create table clinical_search_term (
  term int primary key,
  documents int not null
);

-- How far the feed has been followed in each bucket.
create table clinical_search_cursor (
  bucket int primary key,
  n bigint not null
);

-- One row: the follower's lock, the form of the rows, how many there are, and up to when texts of documents were taken in. The node's own.
create table clinical_search_follower (
  one boolean primary key default true check (one),
  form int not null default 0,
  documents bigint not null default 0,
  texts_taken_to text not null default '-infinity'
);
insert into clinical_search_follower default values;
