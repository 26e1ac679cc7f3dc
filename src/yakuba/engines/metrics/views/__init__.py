"""Pages of what is measured: the dictionary, a metric, a formula; and what the public reads of them."""
