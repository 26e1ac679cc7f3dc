"""Numbers of cases and of documents."""
