"""The board of a plan: what is on course, what stands still, what has a service but no measure; each figure down to what it rests on."""
