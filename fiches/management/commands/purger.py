"""`manage.py purger`: invalidates every cached response, in all processes."""

from typing import Any

from django.core.management.base import BaseCommand

from fiches.publications.version import touch


class Command(BaseCommand):
    help = "Invalidates every cached response, in all processes."

    def handle(self, *args: Any, **options: Any) -> None:
        touch()
