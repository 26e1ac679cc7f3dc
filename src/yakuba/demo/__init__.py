"""`yakuba demo`: the sample town みほん市 (990019), all of it invented, in a home of its own."""
