"""What the public reads of the plan. Everything comes from frozen copies, in a number of queries that no plan's size changes."""
