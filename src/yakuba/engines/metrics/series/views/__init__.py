"""Pages of series: the list with what is owed, one series with its values, its form, a file laid beside what is there."""
