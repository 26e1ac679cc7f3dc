"""The citizens' front door: it composes what services published, and owns no data."""
