"""What a tenant manages for itself: one folder a noun."""
