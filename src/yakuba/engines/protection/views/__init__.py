"""The desk pages of protection: for its keeper alone."""
