"""The staff's pages of the plan: editions, imports, correcting beside the source, publishing."""
