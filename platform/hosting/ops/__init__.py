"""Running the platform: the gateway in front of it, and what operators look at."""
