-- Whose these are: the SHA-256 of the authority's certificate. Where an authority is made anew, the old one's lists and codes are of no use, and would be refused
-- by every node.
alter table authority_certificate add column authority text not null default '';
alter table authority_certificate alter column authority drop default;
alter table authority_code add column authority text not null default '';
alter table authority_code alter column authority drop default;
alter table authority_crl add column authority text not null default '';
alter table authority_crl alter column authority drop default;
alter table authority_crl drop constraint authority_crl_pkey;
alter table authority_crl add primary key (authority, number);
