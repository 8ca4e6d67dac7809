"""How what exists becomes what is: the schema's migrations, and old sites moved in."""
