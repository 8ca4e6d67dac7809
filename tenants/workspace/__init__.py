"""The pages on which a tenant's people work all day: write, review, keep columns and files."""
