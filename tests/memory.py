"""When the tests' process looks for unreachable cycles: after a test, once enough objects were made, and among these only.

Python's own rule looks for them at each 700 objects, which is a fifth of the time of a test that answers requests, and of
Django's start. A plugin of its own (`addopts` in pyproject.toml), since Django starts before `conftest.py` is read.
"""

import gc

import pytest

# About 200 MB of a worker's memory.
OBJECTS = 1_000_000

gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was made so far lasts as long as the process: it is never looked at again."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    if gc.get_count()[0] > OBJECTS:
        gc.collect(0)


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """pytest, and Python after it, look twice for cycles in a process that ends."""
    gc.freeze()
