-- The three roles of the platform. Run once per cluster, as a superuser; safe to repeat.
--
--   psql --file roles.sql
--
-- None may bypass row-level security, own another's tables or make roles or databases. Passwords are
-- not kept in a file: set them with \password, or let pg_hba.conf use certificates or peer.

DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['jiyue_owner', 'jiyue_tenant', 'jiyue_platform'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I', role_name);
        END IF;
        EXECUTE format(
            'ALTER ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION',
            role_name
        );
    END LOOP;
END
$$;

-- A person waits for these two: a lock that is not had soon, or a forgotten transaction, is an error.
ALTER ROLE jiyue_tenant SET lock_timeout = '5s';
ALTER ROLE jiyue_tenant SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE jiyue_platform SET lock_timeout = '5s';
ALTER ROLE jiyue_platform SET idle_in_transaction_session_timeout = '60s';

COMMENT ON ROLE jiyue_owner IS 'Jiyue: owns the tables and migrates them; serves no request';
COMMENT ON ROLE jiyue_tenant IS 'Jiyue: sees the rows of the tenant set in its transaction, no others';
COMMENT ON ROLE jiyue_platform IS 'Jiyue: the city''s own pages and the workers'' ledgers, by a policy of its own';
