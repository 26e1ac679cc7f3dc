"""From one edition to the next, and from one plan to the next: what becomes of each initiative, and how the public follows it."""
