-- Whose export it is: the key of the grant that began it (../grant.ts); null for the node's own.
alter table export_job add column owner text;
