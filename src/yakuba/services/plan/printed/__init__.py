"""What the pages made for paper show: made from forms, which the public side takes from frozen copies and the desk from its draft."""
