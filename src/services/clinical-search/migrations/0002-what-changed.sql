-- When what can be found of a patient changed last, so that what a node remembers of one patient outlives changes of all others. The node's own, as the
-- index is: made again with it. The numbers never come again, also when the index is made from the beginning.
create sequence clinical_search_change;
create table clinical_search_patient (
  bucket int not null,
  patient text not null,
  changed bigint not null,
  primary key (bucket, patient)
);
insert into clinical_search_patient (bucket, patient, changed)
select bucket, patient, nextval('clinical_search_change') from (select distinct bucket, patient from clinical_search_document) as known;
