-- Rights inside one database. Run as a superuser, connected to it; safe to repeat.
--
--   createdb --owner jiyue_owner jiyue
--   psql --dbname jiyue --file database.sql
--
-- What the two other roles may do with a table is granted table by table when the schema is brought
-- up to date: a default for all would open those that the tenant role has no business with.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO jiyue_owner;
GRANT USAGE ON SCHEMA public TO jiyue_tenant, jiyue_platform;
