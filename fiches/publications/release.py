"""A digest of the deployed code, which is part of cache keys: nothing cached outlives a deployment."""

from functools import cache
from hashlib import blake2s
from importlib.metadata import distributions
from pathlib import Path

from django.apps import apps
from django.template import engines

# Extensions of the files whose change may change a response.
HASHED_SUFFIXES = {".css", ".html", ".js", ".json", ".mo", ".py", ".svg", ".txt", ".xml"}
LEFT_OUT = {"__pycache__", "node_modules", "tests", "migrations"}
INSTALLED = {"site-packages", "dist-packages"}


@cache
def release() -> str:
    """A digest of the project's code, templates and translations, and of the versions of the installed packages: the same on
    every server that runs the same code. Computed once per process."""
    digest = blake2s(
        " ".join(sorted({f"{each.name}=={each.version}" for each in distributions()})).encode(), digest_size=8
    )
    folders = {Path(config.path) for config in apps.get_app_configs() if INSTALLED.isdisjoint(Path(config.path).parts)}
    folders |= {Path(folder) for engine in engines.all() for folder in engine.dirs}
    files = {
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in HASHED_SUFFIXES and LEFT_OUT.isdisjoint(path.relative_to(folder).parts)
    }
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
