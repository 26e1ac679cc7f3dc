"""The citizens' side: what is offered, what somebody fills in, and what became of what they sent."""
