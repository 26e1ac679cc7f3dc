"""Notices (通知書): what they say, how they are printed, and how they reach the applicant."""
