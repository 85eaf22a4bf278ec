"""Who may do what: API keys, scopes, tokens, and the audit trail."""
