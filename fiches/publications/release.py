"""A digest of the deployed code, which is part of cache keys: nothing cached outlives a deployment."""

from datetime import UTC, datetime
from functools import cache
from hashlib import blake2s
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from django.apps import apps
from django.template import engines

# Extensions of the files whose change may change a response.
HASHED_SUFFIXES = {".css", ".html", ".js", ".json", ".mo", ".py", ".svg", ".txt", ".xml"}
LEFT_OUT = {"__pycache__", "node_modules", "tests", "migrations"}
INSTALLED = {"site-packages", "dist-packages"}
OURS = ("fiches", "etapes")


def release() -> str:
    """A digest of the project's code, templates and translations, and of the versions of the installed packages: the same on
    every server that runs the same code."""
    return _read()[0]


def released_at() -> datetime:
    """The modification date of the newest file that :func:`release` reads."""
    return _read()[1]


@cache
def _read() -> tuple[str, datetime]:
    """``(digest, date of the newest file)``, computed once per process."""
    digest, newest = blake2s(digest_size=8), 0.0
    for folder in _folders():
        for path in sorted(folder.rglob("*")):
            if path.suffix in HASHED_SUFFIXES and LEFT_OUT.isdisjoint(path.relative_to(folder).parts):
                digest.update(str(path.relative_to(folder)).encode())
                digest.update(path.read_bytes())
                newest = max(newest, path.stat().st_mtime)
    installed = {
        f"{each.name}=={each.version}" for each in distributions()
    }  # a path may be listed twice, in one process only
    digest.update(" ".join(sorted(installed)).encode())
    return digest.hexdigest(), datetime.fromtimestamp(newest, tz=UTC)


def _folders() -> list[Path]:
    """The folders of our apps, of the apps that are not installed packages, and of the project's templates."""
    configs = [Path(config.path) for config in apps.get_app_configs() if _is_the_project_s(config)]
    templates = [Path(folder) for engine in engines.all() for folder in engine.dirs]
    outermost = [folder for folder in configs if not any(other in folder.parents for other in configs)]
    return sorted({*outermost, *templates})


def _is_the_project_s(config: Any) -> bool:
    return config.name.partition(".")[0] in OURS or INSTALLED.isdisjoint(Path(config.path).parts)
