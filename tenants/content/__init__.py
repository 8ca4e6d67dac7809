"""Items and their editions: what a tenant writes before anyone has signed it."""
