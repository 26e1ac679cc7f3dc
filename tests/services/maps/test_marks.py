"""Marks are drawn in three places: by the map's script, in legends and on paper. They are the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

from yakuba.engines.places import rules
from yakuba.services.maps.views.canvas import FORMS, PLAIN

SCRIPT = Path(rules.__file__).parents[2] / "services/maps/static/maps/drawing.js"


def test_the_script_draws_the_forms_and_the_colour_of_the_legend() -> None:
    text = SCRIPT.read_text("utf-8")
    forms = re.search(r"const FORMS = (\[.*?\]);", text)
    colour = re.search(r'const COLOUR = "(.*?)";', text)
    assert forms is not None
    assert colour is not None
    assert tuple(json.loads(forms[1])) == FORMS
    assert colour[1] == PLAIN
    assert len(FORMS) >= len(set(FORMS)) == 6
