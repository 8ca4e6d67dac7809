-- Rights inside one database. Run as a superuser, connected to it; safe to repeat.
--
--   createdb --owner jiyue_owner jiyue
--   psql --dbname jiyue --file database.sql

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO jiyue_owner;
GRANT USAGE ON SCHEMA public TO jiyue_tenant, jiyue_platform;

-- What migrations make later is readable and writable by both; row-level security, and what a
-- migration revokes for single tables, decide the rest.
ALTER DEFAULT PRIVILEGES FOR ROLE jiyue_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO jiyue_tenant, jiyue_platform;
ALTER DEFAULT PRIVILEGES FOR ROLE jiyue_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO jiyue_tenant, jiyue_platform;
