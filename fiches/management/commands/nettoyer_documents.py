"""``manage.py nettoyer_documents``: removes metadata from the documents stored before uploads were cleaned."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from fiches.media.stored_documents import clean_stored


class Command(BaseCommand):
    help = "Takes their author and hidden data off the documents already stored; to be run once, after a backup."

    def handle(self, *args: Any, **options: Any) -> None:
        cleaned = clean_stored()
        self.stdout.write(_("Documents cleaned: %(count)d.") % {"count": cleaned.documents})
        for document, why in cleaned.refused:
            params = {"number": document.pk, "title": document.title, "why": why}
            self.stdout.write(_("Left as it is: %(title)s (document %(number)s). %(why)s") % params)
