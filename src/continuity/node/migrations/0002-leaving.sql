-- Patients who leave, and what upstream must have before they go.

-- A new line of upstream's history began since the unit was compared.
alter table sync_holding add column is_unproven boolean not null default false;

-- Upstream's time when it said that it has the operation, milliseconds since 1970: from then on it is kept for as long as a backup may be old.
alter table sync_outbox add column taken_at float8;
create index sync_outbox_patients on sync_outbox using gin (patients);

-- What lies in a patient's record, or lay there once, by any of its versions.
create index sync_version_patient on sync_version (bucket, patient);
-- What the feed tells of a resource is gone when it is purged.
create index sync_feed_resource on sync_feed (bucket, resource);

-- The node's own: other buckets in which versions of a resource lie, for the few that were moved to another patient, or of which two disagree whose they are.
create table sync_also (
  resource text not null,
  bucket int not null,
  primary key (resource, bucket)
);

-- When what is here was compared with the node above, milliseconds since 1970: the patients, and all.
alter table sync_line add column compared_patients float8 not null default 0, add column compared_all float8 not null default 0;
