"""Host names: which may be bound, and binding them."""
