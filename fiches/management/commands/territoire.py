"""Loads the communes of the territory that RALLYNOV_TERRITOIRE names; --contours takes the outlines of the communes from a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fiches.models.territoire import Commune
from fiches.publications import version
from fiches.territoire.gazetteer import load_communes, relocate, remove_outside
from fiches.territoire.territory import OutlinesError, store_outlines, territory


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--contours",
            type=Path,
            metavar="FILE",
            help="GeoJSON file with the outlines of the communes, drawn by maps without tiles",
        )

    def handle(self, *args: Any, contours: Path | None, **options: Any) -> None:
        if contours:
            self.draw(contours)
        with transaction.atomic():
            load_communes()
            remove_outside()
            relocate()
            version.touch()
        for code, name in territory().names.items():
            self.say(name, Commune.objects.filter(departement=code))
        self.say(_("Together"), Commune.objects.filter(departement__in=territory().departements))

    def draw(self, path: Path) -> None:
        try:
            number = store_outlines(path)
        except OutlinesError as error:
            raise CommandError(_("Nothing was changed. %(error)s") % {"error": error}) from error
        message = ngettext("Outlines of %(count)s commune kept.", "Outlines of %(count)s communes kept.", number)
        self.stdout.write(message % {"count": number})

    def say(self, name: Any, communes: Any) -> None:
        message = _("%(name)s: %(count)s communes, %(located)s with a position.")
        params = {"name": name, "count": communes.count(), "located": communes.located().count()}
        self.stdout.write(message % params)
