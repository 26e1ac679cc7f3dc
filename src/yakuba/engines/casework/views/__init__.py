"""The desk pages of cases."""
