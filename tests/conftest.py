"""What every test starts with."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _empty_cache():
    """No test sees another's cached page or failed log-ins."""
    cache.clear()
    yield
    cache.clear()
