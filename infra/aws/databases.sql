-- A user and a database for one service, on an instance that many services share. To be run by psql as often as one likes, as a
-- user who may create both and need not be a superuser (RDS has none):
--
--   SERVICE=order PASSWORD=... psql --file databases.sql
\set ON_ERROR_STOP on
\getenv service SERVICE
\getenv password PASSWORD

SELECT format('CREATE ROLE %I LOGIN', :'service')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'service') \gexec

-- Each time, so that a password that was changed in Secrets Manager arrives here.
ALTER ROLE :"service" PASSWORD :'password';

-- To give a database to a role, one has to be able to become it.
GRANT :"service" TO CURRENT_USER;
SELECT format('CREATE DATABASE %I OWNER %I', :'service', :'service')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'service') \gexec

-- The others' users have nothing to look for in it.
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
