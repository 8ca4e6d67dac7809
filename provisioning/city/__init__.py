"""The city's pages: tenants, accounts, the audit trail; each for one of three administrators."""
