"""The city's own Excel form: :mod:`.own` checks it and says what goes where, :mod:`.workbook` opens it, in a child process alone."""
