"""Offices are reminded of the series that they have to bring. Figures lie below mails, so that it is the plan that reminds."""
