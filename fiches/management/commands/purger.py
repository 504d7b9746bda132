"""`manage.py purger`: whatever is kept of the site goes, here and in the caches in front."""

from django.core.management.base import BaseCommand

from fiches.publications.version import touch


class Command(BaseCommand):
    help = "Forgets every response that is kept, in all processes and in the HTTP cache in front."

    def handle(self, *args, **options):
        touch(gone=True)
