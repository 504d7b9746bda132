"""`python -m bench.generation 5000`: generates fiches, marked as examples, in the database of the settings.

``--seed`` changes the fiches (the n-th fiche of a seed is always the same), ``--sans-index`` leaves them out of lists and
search, ``--retirer`` deletes them, one by one: to delete thousands, delete the database. Rows are inserted directly, without
revisions and reference index.
"""

import argparse
import datetime
import gc
import os
import random
import sys
import time
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import django

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from wagtail.blocks.stream_block import StreamValue
from wagtail.models import Page

from bench import vocabulary, wagtail_index
from bench.rows import write_rows
from fiches.models import (
    Commune,
    Critere,
    Edition,
    FicheCritere,
    FicheIndexPage,
    FicheMotCle,
    FichePage,
    MotCle,
    Partenaire,
)
from fiches.models.champs import champs_with
from fiches.models.coordinates import Point
from fiches.models.declaration import ValueKind
from fiches.models.enums import TRANCHES, Sphere, StatutJuridique
from fiches.models.location import locate
from fiches.publications import ledger

SLUG = "fiche-generee-"
BATCH = 5_000
AT_ONCE = 500
EDITIONS = (2013, 2014, 2015, 2024, 2025, 2026)
FIRST_DAY = datetime.datetime(2013, 3, 1, 8, tzinfo=datetime.UTC)
DAYS = 4_600
STATUTS_ESS = [
    StatutJuridique.ASSOCIATION,
    StatutJuridique.SCOP,
    StatutJuridique.SCIC,
    StatutJuridique.COOPERATIVE,
    StatutJuridique.MUTUELLE,
    StatutJuridique.FONDATION,
]
BODY = FichePage._meta.get_field("corps")
OWN = {field.attname for field in FichePage._meta.local_concrete_fields}
ON_THE_PAGE = (
    *("title", "slug", "translation_key", "first_published_at", "last_published_at"),
    "latest_revision_created_at",
)
MOST = 100_000


class Generated(NamedTuple):
    """A fiche before it has a page, and the pks of its criteria and keywords."""

    fiche: SimpleNamespace
    criteria: list
    keywords: list


class References(NamedTuple):
    """Pks of the records that fiches refer to, read once; ``communes`` are objects, ``by_dimension`` lists of criteria."""

    communes: list
    by_dimension: list
    keywords: list
    partners: list
    editions: list
    photos: list


def generate(count, *, index_page, seed, indexed=True):
    """Adds ``count`` fiches under ``index_page``, numbered after existing generated ones; returns their pks.

    :param indexed: whether they appear in lists and search.
    """
    references = _references()
    last_slug = FichePage.objects.filter(slug__startswith=SLUG).order_by("-slug").values_list("slug", flat=True).first()
    first = int(last_slug.removeprefix(SLUG)) + 1 if last_slug else 1
    pks = []
    for start in range(0, count, BATCH):
        numbers = range(first + start, first + min(start + BATCH, count))
        with transaction.atomic():
            generated = [_fiche(n, seed, references) for n in numbers]
            _insert(generated, index_page)
            pks += [each.fiche.pk for each in generated]
    if indexed:
        _publish(pks)
    return pks


def _publish(pks):
    """Adds the fiches to the register and to Wagtail's search index."""
    for start in range(0, len(pks), BATCH):
        some = pks[start : start + BATCH]
        with transaction.atomic():
            ledger.record("fiche", some)
            wagtail_index.add(some)


def remove():
    """Deletes the generated fiches through Wagtail; returns their number."""
    generated = FichePage.objects.filter(slug__startswith=SLUG, exemple=True)
    pks = list(generated.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        FichePage.objects.filter(pk__in=pks[start : start + AT_ONCE]).delete()
    return len(pks)


def _references():
    by_dimension = {}
    for criterion in Critere.objects.order_by("dimension__ordre", "dimension", "sort_order", "pk"):
        by_dimension.setdefault(criterion.dimension_id, []).append(criterion.pk)
    photos = FichePage.objects.visible().exclude(photo=None).order_by("pk").values_list("photo", "photo_alt")
    return References(
        communes=list(Commune.objects.order_by("pk")),
        by_dimension=list(by_dimension.values()),
        keywords=[_keyword(name).pk for name in vocabulary.MOTS_CLES],
        partners=list(Partenaire.objects.filter(exemple=True).order_by("pk").values_list("pk", flat=True)),
        editions=[Edition.objects.get_or_create(annee=annee)[0].pk for annee in EDITIONS],
        photos=list(photos[:40]),
    )


def _keyword(name):
    from fiches.territoire.gazetteer import fold

    return MotCle.objects.get_or_create(slug=fold(name).replace(" ", "-"), defaults={"name": name})[0]


def _insert(generated, index_page):
    """Inserts a batch after the last child of ``index_page`` and sets each fiche's pk."""
    fiches, last = [each.fiche for each in generated], index_page.get_last_child()
    step = int(last.path[-Page.steplen :], 36) if last else 0
    pages = [_page(fiche, index_page, step + rank) for rank, fiche in enumerate(fiches, 1)]
    kind = ContentType.objects.get_for_model(FichePage)
    same = {"depth": index_page.depth + 1, "content_type_id": kind.pk, "locale_id": index_page.locale_id}
    write_rows(Page(live=True, has_unpublished_changes=False, **same), pages)
    paths = [page["path"] for page in pages]
    pks = dict(Page.objects.filter(path__gte=paths[0], path__lte=paths[-1]).values_list("path", "pk"))
    for fiche, path in zip(fiches, paths, strict=True):
        fiche.pk = fiche.page_ptr_id = pks[path]
    own = OWN & vars(fiches[0]).keys()
    write_rows(FichePage(exemple=True), [{name: getattr(fiche, name) for name in own} for fiche in fiches])
    for model, links in ((FicheCritere, "criteria"), (FicheMotCle, "keywords")):
        tags = [(each.fiche.pk, tag) for each in generated for tag in getattr(each, links)]
        write_rows(model(), [{"content_object_id": pk, "tag_id": tag} for pk, tag in tags])
    Page.objects.filter(pk=index_page.pk).update(numchild=F("numchild") + len(generated))
    index_page.refresh_from_db(fields=["numchild"])


def _page(fiche, parent, step):
    values = {name: getattr(fiche, name) for name in ON_THE_PAGE}
    return values | {
        "path": Page._get_path(parent.path, parent.depth + 1, step),
        "url_path": f"{parent.url_path}{fiche.slug}/",
        "draft_title": fiche.title,
    }


def _fiche(number, seed, references):
    rng = random.Random(f"{seed}/{number}")
    ess = rng.random() < 0.5
    statut = rng.choice(STATUTS_ESS) if ess else rng.choice([s for s in StatutJuridique if s not in STATUTS_ESS])
    _key, low, high = rng.choice(TRANCHES[:11])
    activite, naf, naf_2025 = rng.choice(vocabulary.ACTIVITES)
    published = FIRST_DAY + datetime.timedelta(days=rng.randrange(DAYS), minutes=rng.randrange(600))
    photo, alt = rng.choice(references.photos) if references.photos else (None, "")
    fiche = SimpleNamespace(
        title=_title(rng),
        slug=f"{SLUG}{number:06d}",
        organisation=f"{rng.choice(vocabulary.PREFIXES)} {rng.choice(vocabulary.NOMS)}",
        photo_id=photo,
        photo_alt=alt,
        activite=activite,
        naf=naf,
        statut=statut,
        sphere=Sphere.ESS if ess else Sphere.CLASSIQUE,
        effectif=rng.randint(low, high),
        partenaire_id=rng.choice(references.partners) if references.partners else None,
        edition_id=rng.choice(references.editions),
        first_published_at=published,
        last_published_at=published,
        latest_revision_created_at=published,
        expire_at=None,
        translation_key=uuid.UUID(int=rng.getrandbits(128), version=4),
        **_contact(rng),
    )
    _situate(fiche, rng, references)
    _write(fiche, rng)
    _complete(fiche)
    criteria = [
        tag for tags in references.by_dimension for tag in rng.sample(tags, min(rng.choice([1, 1, 2]), len(tags)))
    ]
    return Generated(fiche, criteria, rng.sample(references.keywords, rng.randint(1, 3)))


def _title(rng):
    noun, gender = rng.choice(vocabulary.OBJETS)
    quality = rng.choice(vocabulary.QUALITES)[gender == "f"]
    return f"{noun} {quality} {rng.choice(vocabulary.LIENS)}"


def _contact(rng):
    return {
        "contact_nom": f"{rng.choice(vocabulary.PRENOMS)} {rng.choice(vocabulary.PATRONYMES)}",
        "contact_nom_public": rng.random() < 0.7,
        "contact_fonction": rng.choice(vocabulary.FONCTIONS),
        "contact_fonction_public": rng.random() < 0.7,
        "contact_telephone": f"03 53 01 {rng.randrange(100):02d} {rng.randrange(100):02d}",
        "contact_telephone_public": rng.random() < 0.5,
    }


def _situate(fiche, rng, references):
    """Places the fiche in a commune. Half of those in a commune with coordinates get a point of their own; one in fifty has no
    location."""
    commune = rng.choice(references.communes)
    fiche.commune, fiche.commune_id = commune, commune.pk
    fiche.code_postal, fiche.point = "", ""
    fiche.adresse = f"{rng.randint(1, 90)}, rue {rng.choice(vocabulary.LIENS)}"
    fiche.sans_localisation = rng.random() < 0.02
    if commune.est_situee and rng.random() < 0.5:
        north, east = rng.uniform(-0.02, 0.02), rng.uniform(-0.03, 0.03)
        fiche.point = Point(commune.latitude + north, commune.longitude + east).wkt
    locate(fiche)


def _write(fiche, rng):
    """Sets the introduction and the body."""
    names = {"commune": fiche.commune.nom, "organisation": fiche.organisation}
    stories = [
        [rng.choice(vocabulary.CONSTATS).format(**names), *rng.sample(vocabulary.ACTIONS, 2)],
        [rng.choice(vocabulary.ACTIONS).format(**names), *rng.sample(vocabulary.EFFETS, 2)],
    ]
    paragraphs = [" ".join(sentences).format(**names) for sentences in stories]
    fiche.chapo = f"{rng.choice(vocabulary.ACTIONS)} {rng.choice(vocabulary.EFFETS)}".format(**names)
    figures = [
        {"type": "item", "value": {"valeur": str(rng.randint(2, 400)), "libelle": label}, "id": _block_id(rng)}
        for label in rng.sample(vocabulary.CHIFFRES, 3)
    ]
    html = "".join(f'<p data-block-key="p{rank}">{text}</p>' for rank, text in enumerate(paragraphs))
    raw = [
        {"type": "texte", "value": html, "id": _block_id(rng)},
        {"type": "chiffres_cles", "value": {"chiffres": figures}, "id": _block_id(rng)},
    ]
    fiche.corps = StreamValue(BODY.stream_block, raw, is_lazy=True)


def _complete(fiche):
    """Sets the other text fields of the fields' table (`fiches.models.champs`) to the example shown for imports."""
    for champ in champs_with("imported"):
        if champ.kind in (ValueKind.TEXT, ValueKind.LONG_TEXT) and not hasattr(fiche, champ.name):
            setattr(fiche, champ.name, champ.imported.example)


def _block_id(rng):
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def main(arguments=None):
    """Command line: generates or deletes fiches, and prints their number and the speed."""
    parser = argparse.ArgumentParser(prog="python -m bench.generation", description=__doc__)
    parser.add_argument("nombre", type=int, nargs="?", default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same fiches (1)")
    parser.add_argument("--sans-index", action="store_true", help="leave them out of lists and search")
    parser.add_argument("--retirer", action="store_true", help="delete the fiches made by this command")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    if options.retirer:
        count, done = remove(), "deleted"
    else:
        count, done = _generate(options, parser), "made"
    seconds = time.perf_counter() - started
    print(f"{count} fiches {done} in {seconds:.1f} s ({count / seconds:.0f} a second).")


def _generate(options, parser):
    if not 0 < options.nombre <= MOST:
        parser.error(f"say how many fiches to make: 1 to {MOST}.")
    index_page = FicheIndexPage.objects.order_by("path").first()
    if not index_page:
        parser.error("there is no list of the fiches to put them under: make one first.")
    gc.freeze()  # otherwise the garbage collector scans all of Django repeatedly
    return len(generate(options.nombre, index_page=index_page, seed=options.seed, indexed=not options.sans_index))


if __name__ == "__main__":
    main()
