"""Filings handed over to another system as they come in, signed (docs/webhooks.md)."""
