"""What pages a site consists of, and which of them an event touches."""
