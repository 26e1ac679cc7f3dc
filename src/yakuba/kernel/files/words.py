"""Django's settings in the sandbox's child, read once a parser has something to say: texts as they are written, in Japanese."""

USE_I18N = False
# The clock of the process stays as it is.
TIME_ZONE = ""
