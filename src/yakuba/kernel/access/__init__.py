"""Who may do what: roles on posts and offices, accounts, sign-in, and the context of a request."""
