"""Who is hosted here, and which host name is whose."""
