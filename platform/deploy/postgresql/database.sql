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

-- All tenants share one role, so nothing may lie about that belongs to the role rather than to a
-- row: no temporary table that takes the name of a walled one, no large object.
DO $$
DECLARE
    routine regprocedure;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format(
        'GRANT CONNECT ON DATABASE %I TO jiyue_owner, jiyue_tenant, jiyue_platform',
        current_database()
    );
    FOR routine IN
        SELECT oid FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace
          AND (proname IN ('loread', 'lowrite') OR proname LIKE 'lo\_%')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', routine);
    END LOOP;
END
$$;
