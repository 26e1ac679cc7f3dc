"""Rounds (照会): every office is asked for something, by a day, and what they answer is collected, checked and decided."""
