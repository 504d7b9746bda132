"""Loads the communes of the territory that RALLYNOV_TERRITOIRE names."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from fiches.models.territoire import Commune
from fiches.publications import version
from fiches.territoire.gazetteer import load_communes, remove_outside
from fiches.territoire.territory import territory


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            load_communes()
            outside = remove_outside()
            version.touch()
        message = _("%(name)s: %(count)s communes, %(located)s with a position.")
        here = Commune.objects.filter(departement__in=territory().departements)
        params = {"name": territory().area.nom, "count": here.count(), "located": here.located().count()}
        self.stdout.write(message % params)
        if outside:
            self.stdout.write(_("Communes outside the territory where a page lies: %(count)s.") % {"count": outside})
