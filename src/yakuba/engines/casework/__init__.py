"""Cases: what came in, in which state it is, what is due when, what was said, decided and issued."""
