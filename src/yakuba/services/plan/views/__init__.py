"""The plan's pages: what the public reads, and the staff's workplace."""
