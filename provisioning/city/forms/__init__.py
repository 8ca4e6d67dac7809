"""What the city's pages ask for."""
