"""Who may do what: accounts, sign-in, roles, the audit trail, and safety of what comes in."""
