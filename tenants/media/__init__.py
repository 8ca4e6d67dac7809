"""Files of a tenant: images and attachments, each stored once by content."""
