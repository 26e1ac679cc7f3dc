"""``yakuba bench procedures``: how many applications arrive in a second, beside a page that writes a single row.

Nothing here is about a real municipality: the procedure and the applicant are made up.
"""
