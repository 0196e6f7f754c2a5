-- Streams of their own for what happens to personnel and organisations; "person" is the id of the Practitioner or Organization there.
alter table register_event drop constraint register_event_stream_check;
alter table register_event add check (stream in ('open', 'protected', 'personnel', 'organisations'));
alter table register_follower add column personnel_number bigint not null default 0;
alter table register_follower add column organisations_number bigint not null default 0;
