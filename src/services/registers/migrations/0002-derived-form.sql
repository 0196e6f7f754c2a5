-- In which form the derived rows are; a program that derives otherwise makes them again (derive-again.ts). 0: as the first migration left them.
alter table register_follower add column form int not null default 0;
