"""The staff's front door: what waits for me. It composes the rooms and owns no data."""
