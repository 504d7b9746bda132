"""Many fiches: copies of those that are there, each with a title, a commune, a date, criteria and keywords of its own."""

import copy
import datetime
import random
import uuid

from django.db import transaction
from wagtail.models import Page

from fiches.models import Commune, Critere, FicheCritere, FicheIndexPage, FicheMotCle, FichePage, MotCle
from fiches.models.location import locate
from fiches.publications import ledger

BATCH = 1_000
FIRST_DAY = datetime.datetime(2013, 3, 1, 8, tzinfo=datetime.UTC)
THINGS = [
    "L’atelier",
    "La",
    "crèche",
    "Le",
    "garage",
    "La",
    "scierie",
    "Le",
    "jardin",
    "La",
    "cantine",
    "Le",
    "verger",
    "Le",
    "cabinet",
    "La",
    "navette",
    "Le",
    "réseau",
]
QUALITIES = [
    "partagé",
    "solidaire",
    "itinérant",
    "collectif",
    "ouvert",
    "rural",
    "mutualisé",
    "sobre",
    "inclusif",
    "citoyen",
    "réemployé",
    "local",
]


def copy_fiches(originals: list[FichePage], count: int, *, seed: int = 1) -> list[int]:
    """Adds ``count`` online fiches to the first list of fiches; returns their keys. The same seed makes the same fiches. They have no
    revision, and are in the register, not in Wagtail's index."""
    rng = random.Random(seed)
    parent = FicheIndexPage.objects.order_by("path").first()
    communes, keywords = list(Commune.objects.order_by("pk")), list(MotCle.objects.values_list("pk", flat=True))
    criteria = list(Critere.objects.order_by("pk").values_list("pk", flat=True))
    last = parent.get_last_child()
    step, first = int(last.path[-Page.steplen :], 36) if last else 0, FichePage.objects.count()
    keys: list[int] = []
    for start in range(0, count, BATCH):
        numbers = range(start + 1, min(start + BATCH, count) + 1)
        with transaction.atomic():
            fiches = [_fiche(rng, originals[n % len(originals)], first + n, rng.choice(communes)) for n in numbers]
            pages = Page.objects.bulk_create(
                _page(fiche, parent, step + n) for fiche, n in zip(fiches, numbers, strict=True)
            )
            for fiche, page in zip(fiches, pages, strict=True):
                fiche.pk = fiche.page_ptr_id = page.pk
            # bulk_create refuses a model with a parent's table, whose row is there already.
            FichePage._base_manager.all()._insert(fiches, fields=FichePage._meta.local_concrete_fields, using="default")
            for model, tags in ((FicheCritere, criteria), (FicheMotCle, keywords)):
                model.objects.bulk_create(
                    model(content_object_id=page.pk, tag_id=tag)
                    for page in pages
                    for tag in rng.sample(tags, min(3, len(tags)))
                )
            ledger.record("fiche", [page.pk for page in pages], at_once=True)
        keys += [page.pk for page in pages]
    parent.numchild += count
    parent.save(update_fields=["numchild"])
    return keys


def _fiche(rng: random.Random, original: FichePage, number: int, commune: Commune) -> FichePage:
    fiche = copy.copy(original)
    fiche._state = copy.copy(original._state)
    fiche.title = f"{rng.choice(THINGS)} {rng.choice(QUALITIES)} de {commune.nom}, n° {number}"
    fiche.slug = f"copie-{number}"
    fiche.exemple, fiche.translation_key = True, uuid.UUID(int=rng.getrandbits(128), version=4)
    fiche.commune, fiche.code_postal, fiche.point, fiche.effectif = commune, "", "", rng.randint(1, 250)
    fiche.first_published_at = FIRST_DAY + datetime.timedelta(days=rng.randrange(4_600))
    locate(fiche)
    return fiche


def _page(fiche: FichePage, parent: Page, step: int) -> Page:
    own = {field.attname: getattr(fiche, field.attname) for field in Page._meta.concrete_fields if field.name != "id"}
    place = {
        "path": Page._get_path(parent.path, parent.depth + 1, step),
        "depth": parent.depth + 1,
        "url_path": f"{parent.url_path}{fiche.slug}/",
        "numchild": 0,
    }
    return Page(**own | place | {"draft_title": fiche.title, "latest_revision_id": None, "live_revision_id": None})
