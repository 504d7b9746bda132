"""The addresses of the site, what `tests/acces.txt` says of them, and the people and records that they name."""

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db.migrations.recorder import MigrationRecorder
from django.http import Http404
from django.test import RequestFactory
from django.urls import get_resolver, resolve
from django.utils import timezone
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.documents.models import Document
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, get_page_models

from etapes.inscriptions.mails import link_to
from etapes.models import Inscription
from fiches.palmares.models import Categorie, Jure, Palmares
from home.models import AccessibilitePage, ConfidentialitePage
from tests import pictures
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import (
    BibliographiePageFactory,
    CarnetPageFactory,
    ContentPageFactory,
    EditionFactory,
    EtapePageFactory,
    FichePageFactory,
    GrillePageFactory,
    PartenaireFactory,
    PartenairesPageFactory,
    UserFactory,
)
from tests.palmares.conftest import PalmaresPageFactory

ROLES = ("anonyme", "compte", "jury", "autre", "partenaire", "redaction", "moderation", "admin")
ACCOUNTS = {"compte": "", "jury": "", "autre": "partenaire"}
"""The role of the account, where the name of the table isn't it."""
TABLE = Path(__file__).with_name("acces.txt")
SERVES_PAGES = {"wagtail_serve", "fichier_de_page"}
OF_PAGES = ("admin/pages/", "admin/choose-page/", "admin/api/main/pages/")


def lines():
    """``(address, covers all below it, {role: status})`` for each line of the table."""
    for line in TABLE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            address, *statuses = line.split()
            yield address.removesuffix("**"), address.endswith("**"), dict(zip(ROLES, map(int, statuses), strict=True))


def picture():
    return ContentFile(pictures.picture(), name="photo.jpg")


@pytest.fixture(scope="module")
def module_accounts_and_records(module_tree, django_db_blocker):
    """What `accounts_and_records` is, made once for the module; None where `module_tree` is."""
    if not module_tree:
        yield None
        return
    with module_transaction(django_db_blocker):
        yield create_accounts_and_records(read_tree(module_tree))


@pytest.fixture
def accounts_and_records(module_accounts_and_records, tree):
    """``({role: account}, {name in the table: its value})``: the people, and one of each thing that an address names."""
    people, names = module_accounts_and_records or create_accounts_and_records(tree)
    return {role: person and reload_record(person) for role, person in people.items()}, names


def create_accounts_and_records(tree):
    MigrationRecorder.Migration.objects.update(applied=timezone.now())  # an hour later, periodic work is late
    people = {role: None if role == "anonyme" else UserFactory(role=ACCOUNTS.get(role, role)) for role in ROLES}
    other = people["autre"]
    root = Collection.get_first_root_node()
    image, on_page = (get_image_model().objects.create(title=title, file=picture(), collection=root) for title in "ab")
    document, offered = (
        Document.objects.create(title=title, file=ContentFile(b"texte", name=f"{title}.txt"), collection=root)
        for title in ("plan", "affiche")
    )
    fiche = FichePageFactory(
        parent=tree.fiches, slug="recette", photo=on_page, corps=[("document", {"document": offered})]
    )
    draft = FichePageFactory(parent=tree.fiches, slug="brouillon", live=False, owner=other, revision=other)
    own = FichePageFactory(parent=tree.fiches, slug="a-moi", live=False, owner=people["partenaire"])
    private = FichePageFactory(parent=tree.fiches, slug="privee")
    restriction = PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    etape = EtapePageFactory(parent=tree.etapes, slug="dole", inscriptions="ouvertes")
    undated = EtapePageFactory(parent=tree.etapes, slug="sans-date", date=None, numero=4, commune_id="39198")
    undated.presentations.create(fiche=fiche)
    EtapePageFactory(parent=tree.etapes, slug="annulee", date=None, statut="annulee")
    inscription = Inscription.objects.create(etape=etape, nom="Jeanne", etat="confirmee")
    carnet = CarnetPageFactory(
        parent=tree.carnets, slug="carnet-1", corps=[("etapes", {"titre": "Le tour", "etapes": [etape, undated]})]
    )
    for factory, slug in (
        (ContentPageFactory, "programme"),
        (PartenairesPageFactory, "partenaires"),
        (GrillePageFactory, "la-grille"),
        (BibliographiePageFactory, "bibliographie"),
    ):
        factory(parent=tree.home, slug=slug)
    for kind in (AccessibilitePage, ConfidentialitePage):
        tree.home.add_child(instance=kind(title=kind.__name__, slug=kind.__name__.lower()))
    fiche.get_workflow().start(draft, other)
    PalmaresPageFactory(parent=tree.home)
    palmares = Palmares.objects.create(edition=EditionFactory())
    Jure.objects.create(palmares=palmares, compte=people["jury"], nom="Jurée")
    names = {
        "palmares": palmares.pk,
        "categorie": Categorie.objects.create(palmares=palmares, nom="Coopération").pk,
        "home": tree.home.pk,
        "index": tree.fiches.pk,
        "fiche": fiche.pk,
        "brouillon": draft.pk,
        "revision": draft.latest_revision_id,
        "restriction": restriction.pk,
        "restriction_de_collection": CollectionViewRestriction.objects.first().pk,
        "relecture": draft.current_workflow_state.pk,
        "tache": draft.current_workflow_task_state.pk,
        "etape_de_relecture": draft.current_workflow_task.pk,
        "a_moi": own.pk,
        "etape": etape.pk,
        "inscription": inscription.pk,
        "cle": inscription.cle,
        "secret": link_to(inscription).split("/")[-2],
        "carnet": carnet.pk,
        "image": image.pk,
        "fichier_image": image.file.name,
        "image_de_page": on_page.pk,
        "document": document.pk,
        "document_de_page": offered.pk,
        "fichier_de_page": offered.filename,
        "fichier_document": document.filename,
        "partenaire": PartenaireFactory().pk,
        "site": tree.site.pk,
    }
    return people, names


def patterns(resolver=None, prefix=""):
    """The routes of the site, without the signs that only a regular expression needs; pages are in `page_routes`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern, route)
        elif pattern.name not in SERVES_PAGES:
            yield plain(route)


def plain(route):
    """``admin/api/main/^pages/`` as ``admin/api/main/pages/``."""
    return re.sub(r"[\^$]", "", route)


def page_routes():
    """``app.Model + route`` for each page type of the site; a type that isn't routable has one route, empty."""
    for model in get_page_models():
        if model is not Page:
            urls = model.get_subpage_urls() if issubclass(model, RoutablePageMixin) else []
            for route in {plain(str(url.pattern)) for url in urls} or {""}:
                yield f"{model._meta.label} + {route}"


def route_of(address, root):
    """The route that answers at ``address``; for a page, its type and its route; None for no page."""
    match = resolve(address)
    if match.url_name not in SERVES_PAGES:
        return plain(match.route)
    request = RequestFactory().get(address)
    try:
        result = root.route(request, [part for part in address.split("/") if part])
    except Http404:
        return None
    found = getattr(request, "routable_resolver_match", None)
    return f"{type(result.page)._meta.label} + {plain(found.route).removeprefix('/') if found else ''}"


def admin_addresses():
    """The routes of the admin, each parameter as ``<…>``."""
    for route in patterns():
        address = re.sub(r"\(\?P(<[^>]+>)[^)]*\)", r"\1", route)
        if address.startswith("admin/") and "(" not in address and ".*" not in address:
            yield address
