"""支援措置: persons whose whereabouts must not get out, and the holds that stop automatic output about them (DESIGN §4 rule 13)."""
