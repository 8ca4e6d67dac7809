"""Finding what a tenant has published, on its own public pages."""
