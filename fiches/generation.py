"""Made-up fiches in bulk, to try the site and measure it at size; all marked as examples.

The rows are written straight to their tables: no revision, no reference index, one signal for all, by which the register and
the search table know of them. The n-th fiche of a seed is always the same.
"""

import datetime
import random
import uuid
from types import SimpleNamespace
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from wagtail.blocks.stream_block import StreamValue
from wagtail.models import Page

from fiches import lexique
from fiches.coordonnees import Point
from fiches.ecriture import write_rows
from fiches.enums import TRANCHES, Sphere, Statut
from fiches.localisation import locate
from fiches.models import Commune, Critere, Edition, FicheCritere, FicheMotCle, FichePage, MotCle, Partenaire
from fiches.recherche import entrees
from fiches.recherche.indexation import Told
from fiches.retrait import delete_pages

SLUG = "fiche-generee-"
BATCH = 5_000
EDITIONS = (2013, 2014, 2015, 2024, 2025, 2026)
FIRST_DAY = datetime.datetime(2013, 3, 1, 8, tzinfo=datetime.UTC)
DAYS = 4_600
STATUTS_ESS = [Statut.ASSOCIATION, Statut.SCOP, Statut.SCIC, Statut.COOPERATIVE, Statut.MUTUELLE, Statut.FONDATION]
BODY = FichePage._meta.get_field("corps")
OWN = {field.attname for field in FichePage._meta.local_concrete_fields}
ON_THE_PAGE = (
    *("title", "slug", "translation_key", "first_published_at", "last_published_at"),
    "latest_revision_created_at",
)

shown = Signal()
"""Sent with ``pks`` once made-up fiches stand in lists and search: they were saved without any other."""


class Surroundings(NamedTuple):
    """What the fiches refer to, read once: a key, then what it tells of itself."""

    communes: list
    by_dimension: list
    keywords: list
    partners: list
    editions: list
    photos: list


def generate(count, *, index_page, seed, indexed=True):
    """Add ``count`` fiches under ``index_page``, numbered after those already there, and return their keys.

    :param indexed: whether they stand in lists and search.
    """
    around = _surroundings()
    known = FichePage.objects.filter(slug__startswith=SLUG).order_by("-slug").values_list("slug", flat=True).first()
    first = int(known.removeprefix(SLUG)) + 1 if known else 1
    pks = []
    for start in range(0, count, BATCH):
        numbers = range(first + start, first + min(start + BATCH, count))
        with transaction.atomic():
            told = [_fiche(n, seed, around) for n in numbers]
            _insert(told, index_page)
            pks += [fiche.pk for fiche, *_others in told]
            if indexed:
                _index(told)
    if indexed:
        shown.send(sender=FichePage, pks=pks)
    return pks


def _index(told):
    """Brings Wagtail's index in line with fiches of one parent: all of them are visible, or none is."""
    pks = [fiche.pk for fiche, *_others in told]
    if FichePage.objects.visible().filter(pk=pks[0]).exists():
        entrees.add(told)


def remove():
    """Delete the fiches that :func:`generate` made and return how many there were."""
    return delete_pages(FichePage.objects.filter(slug__startswith=SLUG, exemple=True))


def _surroundings():
    by_dimension = {}
    for criterion in Critere.objects.order_by("dimension__ordre", "dimension", "sort_order", "pk"):
        by_dimension.setdefault(criterion.dimension_id, []).append((criterion.pk, criterion.name))
    photos = FichePage.objects.visible().exclude(photo=None).order_by("pk").values_list("photo", "photo_alt")
    return Surroundings(
        communes=list(Commune.objects.order_by("pk")),
        by_dimension=list(by_dimension.values()),
        keywords=[(word.pk, word.name) for word in map(_keyword, lexique.MOTS_CLES)],
        partners=list(Partenaire.objects.filter(exemple=True).order_by("pk").values_list("pk", "nom", "sigle")),
        editions=[(Edition.objects.get_or_create(annee=annee)[0].pk, annee) for annee in EDITIONS],
        photos=list(photos[:40]),
    )


def _keyword(name):
    from fiches.territoire import fold

    return MotCle.objects.get_or_create(slug=fold(name).replace(" ", "-"), defaults={"name": name})[0]


def _insert(told, index_page):
    """Writes a batch after the last child of ``index_page``, and gives each its key."""
    fiches, last = [fiche for fiche, *_others in told], index_page.get_last_child()
    step = int(last.path[-Page.steplen :], 36) if last else 0
    pages = [_page(fiche, index_page, step + rank) for rank, fiche in enumerate(fiches, 1)]
    kind = ContentType.objects.get_for_model(FichePage)
    same = {"depth": index_page.depth + 1, "content_type_id": kind.pk, "locale_id": index_page.locale_id}
    write_rows(Page(live=True, has_unpublished_changes=False, **same), pages)
    paths = [page["path"] for page in pages]
    known = dict(Page.objects.filter(path__gte=paths[0], path__lte=paths[-1]).values_list("path", "pk"))
    for fiche, path in zip(fiches, paths, strict=True):
        fiche.pk = fiche.page_ptr_id = known[path]
    own = OWN & vars(fiches[0]).keys()
    write_rows(FichePage(exemple=True), [{name: getattr(fiche, name) for name in own} for fiche in fiches])
    for model, links in ((FicheCritere, "criteria"), (FicheMotCle, "keywords")):
        tags = [(one.fiche.pk, tag) for one in told for tag, _name in getattr(one, links)]
        write_rows(model(), [{"content_object_id": pk, "tag_id": tag} for pk, tag in tags])
    Page.objects.filter(pk=index_page.pk).update(numchild=F("numchild") + len(told))
    index_page.refresh_from_db(fields=["numchild"])


def _page(fiche, parent, step):
    values = {name: getattr(fiche, name) for name in ON_THE_PAGE}
    return values | {
        "path": Page._get_path(parent.path, parent.depth + 1, step),
        "url_path": f"{parent.url_path}{fiche.slug}/",
        "draft_title": fiche.title,
    }


def _fiche(number, seed, around):
    """As :func:`fiches.recherche.indexation.read` gives it: the columns of its page that the index reads, and the others."""
    rng = random.Random(f"{seed}/{number}")
    ess = rng.random() < 0.5
    statut = rng.choice(STATUTS_ESS) if ess else rng.choice([s for s in Statut if s not in STATUTS_ESS])
    _key, low, high = rng.choice(TRANCHES[:11])
    activite, naf, naf_2025 = rng.choice(lexique.ACTIVITES)
    published = FIRST_DAY + datetime.timedelta(days=rng.randrange(DAYS), minutes=rng.randrange(600))
    photo, alt = rng.choice(around.photos) if around.photos else (None, "")
    fiche = SimpleNamespace(
        title=_title(rng),
        slug=f"{SLUG}{number:06d}",
        organisation=f"{rng.choice(lexique.PREFIXES)} {rng.choice(lexique.NOMS)}",
        photo_id=photo,
        photo_alt=alt,
        activite=activite,
        naf=naf,
        statut=statut,
        sphere=Sphere.ESS if ess else Sphere.CLASSIQUE,
        effectif=rng.randint(low, high),
        **_ties(rng, around),
        first_published_at=published,
        last_published_at=published,
        latest_revision_created_at=published,
        expire_at=None,
        translation_key=uuid.UUID(int=rng.getrandbits(128), version=4),
        **_contact(rng),
    )
    _situate(fiche, rng, around)
    body = _write(fiche, rng)
    criteria = [tag for tags in around.by_dimension for tag in rng.sample(tags, min(rng.choice([1, 1, 2]), len(tags)))]
    return Told(fiche, criteria, rng.sample(around.keywords, rng.randint(1, 3)), body, documents=())


def _ties(rng, around):
    partner, name, acronym = rng.choice(around.partners) if around.partners else (None, None, None)
    edition, year = rng.choice(around.editions)
    return {
        "partenaire_id": partner,
        "partenaire__nom": name,
        "partenaire__sigle": acronym,
        "edition_id": edition,
        "edition__annee": year,
    }


def _title(rng):
    noun, gender = rng.choice(lexique.OBJETS)
    quality = rng.choice(lexique.QUALITES)[gender == "f"]
    return f"{noun} {quality} {rng.choice(lexique.LIENS)}"


def _contact(rng):
    return {
        "contact_nom": f"{rng.choice(lexique.PRENOMS)} {rng.choice(lexique.PATRONYMES)}",
        "contact_nom_public": rng.random() < 0.7,
        "contact_fonction": rng.choice(lexique.FONCTIONS),
        "contact_fonction_public": rng.random() < 0.7,
        "contact_telephone": f"03 53 01 {rng.randrange(100):02d} {rng.randrange(100):02d}",
        "contact_telephone_public": rng.random() < 0.5,
    }


def _situate(fiche, rng, around):
    """In a commune; half of those whose centre is known have a point of their own, and one in fifty no location."""
    commune = rng.choice(around.communes)
    fiche.commune, fiche.commune_id, fiche.commune__nom = commune, commune.pk, commune.nom
    fiche.code_postal, fiche.point = "", ""
    fiche.adresse = f"{rng.randint(1, 90)}, rue {rng.choice(lexique.LIENS)}"
    fiche.sans_localisation = rng.random() < 0.02
    if commune.est_situee and rng.random() < 0.5:
        north, east = rng.uniform(-0.02, 0.02), rng.uniform(-0.03, 0.03)
        fiche.point = Point(commune.latitude + north, commune.longitude + east).wkt
    locate(fiche)


def _write(fiche, rng):
    """Its introduction and its body; returns the body's texts."""
    names = {"commune": fiche.commune.nom, "organisation": fiche.organisation}
    stories = [
        [rng.choice(lexique.CONSTATS).format(**names), *rng.sample(lexique.ACTIONS, 2)],
        [rng.choice(lexique.ACTIONS).format(**names), *rng.sample(lexique.EFFETS, 2)],
    ]
    paragraphs = [" ".join(sentences).format(**names) for sentences in stories]
    fiche.chapo = f"{rng.choice(lexique.ACTIONS)} {rng.choice(lexique.EFFETS)}".format(**names)
    figures = [
        {"type": "item", "value": {"valeur": str(rng.randint(2, 400)), "libelle": label}, "id": _block_id(rng)}
        for label in rng.sample(lexique.CHIFFRES, 3)
    ]
    html = "".join(f'<p data-block-key="p{rank}">{text}</p>' for rank, text in enumerate(paragraphs))
    raw = [
        {"type": "texte", "value": html, "id": _block_id(rng)},
        {"type": "chiffres_cles", "value": {"chiffres": figures}, "id": _block_id(rng)},
    ]
    fiche.corps = StreamValue(BODY.stream_block, raw, is_lazy=True)
    return [" ".join(paragraphs), *(text for figure in figures for text in figure["value"].values())]


def _block_id(rng):
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))
