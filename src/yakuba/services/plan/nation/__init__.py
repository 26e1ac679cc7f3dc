"""The plans of all municipalities side by side: read from the register of plans in force, shown to everybody."""
