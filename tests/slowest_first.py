"""The longest groups of tests begin first, as long as they took the last time: else one process ends long after the others.

With ``RALLYNOV_ORDRE``, a seed, modules and the tests of each are in a random order instead."""

import os
from collections import Counter
from random import Random

import pytest

KEPT = "rallynov/seconds"
seconds: Counter[str] = Counter()


def group_of(item: pytest.Item) -> str:
    """As pytest-xdist names it: an item may be marked twice."""
    return "_".join(sorted({marker.args[0] for marker in item.iter_markers("xdist_group")}))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Each process gets the same figures, or they would not agree on the order."""
    node.workerinput["seconds"] = node.config.cache.get(KEPT, {})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    took = getattr(config, "workerinput", {}).get("seconds", {})
    if seed := os.environ.get("RALLYNOV_ORDRE"):
        items.sort(key=lambda item: [Random(seed + name).random() for name in (item.path.stem, item.nodeid)])
        took = {}
    items.sort(key=lambda item: (group_of(item).endswith("-commits"), -took.get(group_of(item), 0)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    seconds[report.nodeid.rpartition("@")[2]] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("numprocesses", None) and not hasattr(session.config, "workerinput"):
        session.config.cache.set(KEPT, {**session.config.cache.get(KEPT, {}), **seconds})
