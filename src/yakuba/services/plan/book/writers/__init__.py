"""One manuscript, three writers: :mod:`.pdf` (PDF/UA-1), :mod:`.docx` (to be edited on), :mod:`.xlsx` (rows to be worked with)."""
