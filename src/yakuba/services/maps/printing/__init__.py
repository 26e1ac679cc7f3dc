"""A map on paper, true to scale.

:mod:`.sheet` paper and ground · :mod:`.drawing` features as lines on it · :mod:`.ground` what lies below · :mod:`.document` the PDF ·
:mod:`.asked` what an address asks for · :mod:`.views` the pages
"""
