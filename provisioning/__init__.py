"""What the municipal office does to tenants: onboarding, blueprints, domains, quotas, closing."""
