"""One site for a module of tests that only read."""

from __future__ import annotations

import pytest

from tests.engines.places.ogc.world import Site, make_site


@pytest.fixture(scope="module")
def site(module_db: None) -> Site:
    """みほん市 with its layer."""
    return make_site()
