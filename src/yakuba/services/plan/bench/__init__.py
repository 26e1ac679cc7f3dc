"""``yakuba bench plan``: a generated nation, and how fast its public pages answer. ``yakuba bench reading``: plan documents.

The nation is seeded: the same words, plans and requests every time. Nothing here is about a real municipality but its code and its name.
"""
