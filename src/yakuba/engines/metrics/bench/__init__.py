"""``yakuba bench metrics``: what a night costs a house of a thousand municipalities."""
