"""What people come for. Services never import one another."""
