-- What decides who may read goes ahead of the rest of the feed: a lane of its own, read through an index of its own.
alter table sync_feed add column decides_access boolean not null default false;
update sync_feed set decides_access = true
where split_part(resource, '/', 1) in ('Consent', 'Basic', 'RelatedPerson', 'Flag', 'Practitioner', 'PractitionerRole', 'CareTeam');
create index sync_feed_rights on sync_feed (bucket, n) where decides_access;
