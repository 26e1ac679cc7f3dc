"""The day's bundle: what an office registered on one day, as one PDF, with the intake list (受付簿) as its cover."""
