"""Channels and deliveries: what leaves the house for a person, through channels that an operator has configured."""
