-- Versions that became true together name each other: how many rows they are, and the first of them. Null: written alone. Nodes send them on as one.
alter table version add column together text;
