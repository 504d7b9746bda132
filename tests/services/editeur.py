"""An editor in a process of its own: takes orders, one JSON a line, and answers each with a line once it is done."""

import json
import sys

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from wagtail.images import get_image_model  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from fiches.models import FichePage  # noqa: E402
from tests import pictures  # noqa: E402
from tests.factories import (  # noqa: E402
    EtapeIndexPageFactory,
    EtapePageFactory,
    FicheIndexPageFactory,
    FichePageFactory,
    HomePageFactory,
    UserFactory,
)

PLACE = {"point": "SRID=4326;POINT(6.0 47.2)", "commune_id": "25056"}


def seed():
    """A site with an étape, a fiche that stays and one, live, that comes and goes; answers its picture's address."""
    site = Site.objects.get(is_default_site=True)
    site.root_page = HomePageFactory(parent=Page.get_first_root_node())
    site.save()
    index = FicheIndexPageFactory(parent=site.root_page)
    EtapePageFactory(parent=EtapeIndexPageFactory(parent=site.root_page), slug="dole")
    image = get_image_model().objects.create(title="p", file=ContentFile(pictures.picture(), name="atelier.jpg"))
    FichePageFactory(parent=index, slug="autre", title="Une autre", **PLACE)
    fiche = FichePageFactory(
        parent=index, slug="recette", title="Zibeline", photo=image, photo_alt="Un atelier", **PLACE
    )
    fiche.save_revision().publish()
    UserFactory(role="admin", username="admin", password="mot-de-passe-des-tests")
    return {"rendition": image.get_rendition("max-200x200").file.name, "original": image.file.name}


def publish(title):
    fiche = FichePage.objects.get(slug="recette")
    fiche.title = title
    fiche.save_revision().publish()


def withdraw():
    FichePage.objects.get(slug="recette").unpublish()


ORDERS = {"seed": seed, "publish": publish, "withdraw": withdraw}


def say(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


say("ready")
for line in sys.stdin:
    order, *arguments = json.loads(line)
    say(ORDERS[order](*arguments))
