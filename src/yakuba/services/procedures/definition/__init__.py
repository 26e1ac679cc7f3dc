"""The language in which an office describes a procedure, and what can be done with a description.

:mod:`.model` what there is · :mod:`.document` JSON in and out · :mod:`.fitting` whether its parts fit together · :mod:`.conditions`
the small language of conditions · :mod:`.kinds` the kinds of question · :mod:`.answers` reading, checking and showing answers ·
:mod:`.checks` the list before publishing
"""
