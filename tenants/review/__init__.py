"""Three reviews (三审) and the one way in which anything becomes public."""
