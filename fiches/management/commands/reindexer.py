"""``manage.py reindexer``: makes the search table anew, after an import or a restored backup."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiches.recherche.indexation import reindex


class Command(BaseCommand):
    help = gettext_lazy("Makes the search table of the fiches anew.")

    def handle(self, *args, **options):
        self.stdout.write(_("Fiches that can be found: %(count)d.") % {"count": reindex()})
