"""``yakuba drill crash``: processes are killed while somebody applies, and nothing that was acknowledged may be lost or doubled."""
