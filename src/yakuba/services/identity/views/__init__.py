"""Pages of identity: choosing a way, each way, and one's own page."""
