"""What is replaced of a library: listed, each with its reason, and looked at again when the library changes."""

import ast
import hashlib
import inspect
from pathlib import Path

import pytest

from fiches.wagtail_overrides import ORIGINALS, OVERRIDES

ROOT = Path(__file__).parents[1]
OURS = {"config", "demo", "etapes", "fiches", "home", "search"}
# A setting of Pillow, in a process that does nothing else than read one picture (`fiches.media.image_reader`), and one of
# logging (`config.logs`).
SETTINGS = {"Image.MAX_IMAGE_PIXELS", "logging.raiseExceptions"}


@pytest.mark.parametrize("override", OVERRIDES, ids=str)
def test_what_is_replaced_is_what_it_was_when_its_replacement_was_written(override):
    """When this fails, read the new source: mend the replacement, or drop it, then write its new digest."""
    source = inspect.getsource(ORIGINALS[str(override)])
    assert hashlib.sha256(source.encode()).hexdigest()[:12] == override.digest
    path, _, name = override.promise.partition("::")
    assert f"\ndef {name}(" in (ROOT / path).read_text()


def replaced(source):
    """What a module sets on a name that it imports from a library."""
    tree = ast.parse(source)
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").partition(".")[0] not in OURS:
            imported.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            imported.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    for node in ast.walk(tree):
        targets = {ast.Assign: "targets", ast.AugAssign: "target", ast.AnnAssign: "target"}.get(type(node))
        found = getattr(node, targets) if targets else []
        for target in found if isinstance(found, list) else [found]:
            inner = target
            while isinstance(inner, ast.Attribute):
                inner = inner.value
            if isinstance(target, ast.Attribute) and isinstance(inner, ast.Name) and inner.id in imported:
                yield ast.unparse(target)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr" and ast.unparse(node.args[0]) in imported:
            yield ast.unparse(node)


@pytest.mark.nightly
def test_nothing_of_a_library_is_replaced_outside_the_lists():
    places = ["etapes", "fiches", "home", "search", "site"]
    files = [path for place in places for path in (ROOT / place).rglob("*.py")]
    found = {name for path in files for name in replaced(path.read_text())}
    assert found == SETTINGS
