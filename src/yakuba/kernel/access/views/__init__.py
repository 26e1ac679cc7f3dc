"""The pages of access: sign-in, one's own account, people and accounts of a municipality."""
