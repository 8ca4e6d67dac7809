"""Rows and refusals as the city's templates show them."""
