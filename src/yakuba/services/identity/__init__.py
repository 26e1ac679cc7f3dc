"""Who a citizen is: mail codes, accounts, identity providers, and one's own page at the portal."""
