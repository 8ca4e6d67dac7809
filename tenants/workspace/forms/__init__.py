"""The shape of what people send; what is allowed is decided by operations."""
