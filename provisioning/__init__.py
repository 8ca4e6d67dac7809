"""What the municipal office does to tenants: open, supply, limit, suspend and close them."""
