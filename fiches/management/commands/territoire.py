"""Loads the gazetteer of the communes; with --maj, completes it from the national API."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from fiches.models.territoire import DEPARTEMENTS, Commune
from fiches.territoire.gazetteer import load_communes, relocate
from fiches.territoire.geo_api import GeoApiError, update_centres


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--maj",
            action="store_true",
            help="ask geo.api.gouv.fr (or RALLYNOV_GEO_API_URL) for the centre of every commune",
        )
        parser.add_argument("--delai", type=float, default=20, help="seconds to wait for each answer (20)")

    def handle(self, *args: Any, maj: bool, delai: float, **options: Any) -> None:
        with transaction.atomic():
            load_communes()
            relocate()
        if maj:
            self.complete(delai)
        for code, name in DEPARTEMENTS.items():
            communes = Commune.objects.filter(departement=code)
            self.say(name, communes)
        self.say(_("Together"), Commune.objects.all())

    def complete(self, delai: float) -> None:
        try:
            placed, unplaced = update_centres(timeout=delai)
        except GeoApiError as error:
            raise CommandError(_("Nothing was changed. %(error)s") % {"error": error}) from error
        message = _("%(placed)s communes placed by the national API, %(unplaced)s still without a position.")
        self.stdout.write(message % {"placed": placed, "unplaced": unplaced})

    def say(self, name: Any, communes: Any) -> None:
        message = _("%(name)s: %(count)s communes, %(located)s with a position.")
        params = {"name": name, "count": communes.count(), "located": communes.located().count()}
        self.stdout.write(message % params)
