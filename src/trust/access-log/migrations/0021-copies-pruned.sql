-- What of a copied log was taken away because its time was over: seals and entries up to these, and the hash of the last seal that went.
alter table access_copied add column pruned_seal bigint not null default 0, add column pruned_entry bigint not null default 0,
  add column pruned_hash bytea;
