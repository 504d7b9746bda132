"""Fills a migrated database for the tests of faults: `python tests/services/pannes/semence.py`; prints what they need, as JSON."""

import json
import os
import sys

import django

django.setup()  # before the models are imported

from django.core.files.base import ContentFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.images import get_image_model  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from fiches.candidatures.answers import save_answers  # noqa: E402
from fiches.candidatures.invitation import begin, mint  # noqa: E402
from fiches.candidatures.models import Appel  # noqa: E402
from fiches.models import Critere  # noqa: E402
from tests.factories import (  # noqa: E402
    ContentPageFactory,
    CritereFactory,
    FicheIndexPageFactory,
    FichePageFactory,
    HomePageFactory,
    UserFactory,
)
from tests.pictures import picture, pixels  # noqa: E402

FICHES, DOSSIERS = 12, max(60, int(os.environ.get("RALLYNOV_TOURS", "0")))
ANSWERS = {
    "organisation": "Fruitière",
    "commune": "Flagey (25330)",
    "titre": "Le lait de nuit",
    "chapo": "Court.",
    "description": "Long.",
    "contact_nom": "Jeanne",
    "consentement_publication": True,
}


def tree():
    site = Site.objects.get(is_default_site=True)
    home = HomePageFactory(parent=Page.get_first_root_node())
    site.root_page = home
    site.save()
    index = FicheIndexPageFactory(parent=home, slug="fiches")
    ContentPageFactory(parent=home, slug="confidentialite")  # dossiers and tips are taken
    CritereFactory()
    photo = get_image_model()(title="Une photo")
    photo.file = ContentFile(picture(image=pixels((1200, 800))), name="photo.jpg")
    photo.save()
    return [
        FichePageFactory(parent=index, slug=f"fiche-{n}", photo=photo, photo_decorative=True, complete=True)
        for n in range(FICHES)
    ]


def dossiers():
    now = timezone.now()
    month = timezone.timedelta(days=30)
    appel = Appel.objects.create(nom="Appel", ouverture=now - month, cloture=now + month)
    secrets, criteria = [], [str(pk) for pk in Critere.objects.values_list("pk", flat=True)]
    for n in range(DOSSIERS):
        dossier = begin(courriel=f"jeanne{n}@x.test", appel=appel)
        save_answers(
            dossier=dossier, typed=ANSWERS | {"titre": f"Le lait {n}", "criteres": criteria}, seen=dossier.revision
        )
        secrets.append(mint(dossier))
    return secrets


call_command("migrate", verbosity=0)
fiches = tree()
UserFactory(role="admin", username="admin")
json.dump({"fiches": [page.pk for page in fiches], "dossiers": dossiers()}, sys.stdout)
