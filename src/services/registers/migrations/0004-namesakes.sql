-- How many persons have a name that sounds like this one (key: a pair of words, see match/features.ts): a common name tells less in a match.
-- Kept by the follower with the rows of register_person, whose "names" are counted here. The bucket is that of the key itself.
create table register_namesake (
  bucket int not null,
  key bigint not null,
  persons bigint not null,
  primary key (bucket, key)
);
alter table register_person add column names bigint[] not null default '{}';
-- Features have another form now (words with their sounds): null until the row is made again, and no candidate until then.
alter table register_person drop column features;
alter table register_person add column features text;
-- What waits to be put into the index is read by every search: little.
alter index register_person_keys set (gin_pending_list_limit = 128);
