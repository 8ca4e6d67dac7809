"""A tenant's sites in foreign languages: opening, closing, opening again."""
