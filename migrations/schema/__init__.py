"""The database's schema, revision by revision; Alembic runs this folder, nothing imports it."""
