"""Private, draft, expired and unpublished pages carry words of their own, which appear nowhere for who may not see them."""

import datetime
import itertools
import logging

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Collection, PageViewRestriction

from etapes.models import EtapePage
from fiches.candidatures.pieces import private_collection
from fiches.media.access import PARTNERS_COLLECTION
from fiches.models import FichePage
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import (
    CarnetPageFactory,
    ContentPageFactory,
    CritereFactory,
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
    PartenaireFactory,
    UserFactory,
)
from tests.formulaires import first_buttons
from tests.test_access import ROLES, lines
from tests.test_access import accounts_and_records as accounts_and_records
from tests.test_access import module_accounts_and_records as module_accounts_and_records

pytestmark = pytest.mark.django_db

NUMBERS = itertools.count()
# In ASCII, since JSON writes other letters otherwise.
MARKERS = {
    "draft": "zibeline",
    "never shown since": "zircon",
    "taken offline": "zephyr",
    "expired": "zinzolin",
    "about to go live": "zodiaque",
    "private": "zostere",
    "below a private page": "zymase",
    "contact of a fiche": "zanzibar",
    "contact of an étape": "zakouski",
    "contact of a partner": "zambeze",
    "picture of a partner's": "zambal",
    "picture of a dossier": "zerumbet",
    "picture of a draft": "zebrule",
    "picture of no page": "zinnia",
    "document of a partner's": "zorille",
    "document of a draft": "zarzuela",
    "document of no page": "zoisite",
}


def make_page(factory, **fields):
    """A page whose address tells nothing: that is no secret, and a fiche taken offline is announced by its own."""
    return factory(slug=f"page-{next(NUMBERS)}", **fields)


def image_named(what, **fields):
    return IllustrationFactory(title=MARKERS[what], **fields)


def document_named(what, **fields):
    file = ContentFile(MARKERS[what].encode(), name=f"{MARKERS[what]}.txt")
    return Document.objects.create(title=MARKERS[what], file=file, **fields)


def add_media(people):
    """The pictures and documents that no public page shows; the private collection's are another partner's."""
    theirs = {"collection": Collection.objects.get(name=PARTNERS_COLLECTION), "uploaded_by_user": people["autre"]}
    image_named("picture of a partner's", **theirs)
    image_named("picture of a dossier", collection=private_collection())
    image_named("picture of no page")
    document_named("document of a partner's", **theirs)
    document_named("document of no page")


@pytest.fixture(scope="module")
def module_marked_pages(module_tree, module_accounts_and_records, django_db_blocker):
    with module_transaction(django_db_blocker):
        add_media(module_accounts_and_records[0])
        yield create_marked_pages(read_tree(module_tree))


@pytest.fixture
def marked_pages(module_marked_pages, accounts_and_records):
    """One page of each kind that the public may not see, and what is private on those that it may."""
    return [reload_record(page) for page in module_marked_pages]


def create_marked_pages(tree):
    mark = MARKERS
    fields = {
        "photo": image_named("picture of a draft"),
        "corps": [("document", {"document": document_named("document of a draft")})],
    }
    draft = make_page(
        FichePageFactory, parent=tree.fiches, live=False, title=mark["draft"], organisation=mark["draft"], **fields
    )
    make_page(ContentPageFactory, parent=tree.home, live=False, title=mark["draft"], introduction=mark["draft"])
    make_page(CarnetPageFactory, parent=tree.carnets, live=False, title=mark["draft"], chapo=mark["draft"])
    make_page(EtapePageFactory, parent=tree.etapes, live=False, title=mark["draft"], lieu=mark["draft"])

    changed = make_page(FichePageFactory, parent=tree.fiches, title="Fiche en ligne")
    changed.title = changed.chapo = mark["never shown since"]
    changed.save_revision()
    make_page(
        FichePageFactory, parent=tree.fiches, title=mark["taken offline"], chapo=mark["taken offline"]
    ).unpublish()
    make_page(EtapePageFactory, parent=tree.etapes, title=mark["taken offline"], lieu=mark["taken offline"]).unpublish()
    yesterday = timezone.now() - datetime.timedelta(days=1)
    make_page(FichePageFactory, parent=tree.fiches, title=mark["expired"], chapo=mark["expired"], expire_at=yesterday)
    soon = make_page(FichePageFactory, parent=tree.fiches, live=False, title=mark["about to go live"])
    soon.go_live_at = timezone.now() + datetime.timedelta(days=1)
    soon.save_revision().publish()

    for parent, factory in ((tree.fiches, FichePageFactory), (tree.etapes, EtapePageFactory)):
        page = make_page(factory, parent=parent, title=mark["private"], chapo=mark["private"])
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.PASSWORD, password="x")
    folder = make_page(ContentPageFactory, parent=tree.home, title=mark["private"], introduction=mark["private"])
    PageViewRestriction.objects.create(page=folder, restriction_type=PageViewRestriction.PASSWORD, password="x")
    make_page(
        ContentPageFactory, parent=folder, title=mark["below a private page"], introduction=mark["below a private page"]
    )

    criterion = CritereFactory()
    partner = PartenaireFactory(contact_nom=mark["contact of a partner"], contact_courriel="zambeze@reseau.test")
    seen = make_page(
        FichePageFactory,
        parent=tree.fiches,
        title="Vue de tous",
        contact_nom=mark["contact of a fiche"],
        contact_courriel="zanzibar@ferme.test",
        partenaire=partner,
        partenaire_contact_nom=mark["contact of a fiche"],
    )
    seen.criteres.add(criterion)
    seen.save_revision().publish()
    etape = make_page(EtapePageFactory, parent=tree.etapes, organisateurs=[partner], title="Étape vue de tous")
    etape.organisations.update(contact_nom=mark["contact of an étape"])
    for page in (draft, *FichePage.objects.all(), *EtapePage.objects.all()):
        page.refresh_from_db()
    return [*FichePage.objects.order_by("pk"), *EtapePage.objects.order_by("pk")]


def body(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace").lower()


def markers_shown(response):
    text = body(response)
    return [what for what, word in MARKERS.items() if word in text]


SEARCHES = (
    "/recherche/?q={word}",
    "/recherche/suggestions/?q={word}",
    "/fiches/?q={word}",
    "/fiches/suggestions.json?q={word}",
    "/api/v1/fiches?q={word}",
)


def of_pages(pages):
    """The addresses of each page, on the site and in the API."""
    own = [page.url for page in pages if page.url]
    own += [f"{page.url}fiche.md" for page in pages if page.url and isinstance(page, FichePage)]
    return [*own, *(f"/api/v1/fiches/{page.slug}" for page in pages)]


def files():
    """The address of each document."""
    return [document.url for document in Document.objects.all()]


def test_the_public_is_told_nothing_whatever_it_looks_for(client, accounts_and_records, marked_pages):
    searches = [pattern.format(word=word) for word in MARKERS.values() for pattern in SEARCHES]
    hidden = [page for page in marked_pages if page.url and "tous" not in page.title and page.slug.startswith("page-")]
    assert len(hidden) > 5
    for address in searches:
        word = address.rpartition("=")[2]
        html = body(client.get(address)).replace(f"« {word} »", "").replace(f'value="{word}"', "")
        assert not [other for other in MARKERS.values() if other != word and other in html]
        assert not any(f'{page.url}"' in html for page in hidden), address


OWN = {"picture of a partner's", "document of a partner's"}
STAFF = {"redaction", "moderation", "admin"}


WITNESSES = {"anonyme", "autre", "admin"}
"""Who asks what everybody gets alike: nobody, the owner of what is hidden, and who may do all."""


@pytest.fixture(scope="module")
def crawl_results(module_tree, module_accounts_and_records, module_marked_pages, journal, django_db_blocker):
    """``(faults, {first button of a form: address})`` of all that tests/acces.txt lists and of the addresses of each page and
    file, asked by each role; the buttons are those that the admin sees."""
    logging.getLogger().addHandler(journal)  # this comes before the test in which it looks for secrets
    people, names = module_accounts_and_records
    faults, buttons = [], {}
    with module_transaction(django_db_blocker):
        for role, person in people.items():
            for address, status, response in asked(role, person and reload_record(person), module_marked_pages, names):
                faults += faults_of(role, address, status, response)
                if role == "admin":
                    buttons |= dict.fromkeys(first_buttons(response), address)
    cache.clear()
    return faults, buttons


def faults_of(role, address, status, response):
    if response.status_code != status:
        yield f"{role} {address} : {response.status_code} au lieu de {status}"
    if role in STAFF and address.startswith("/admin/"):
        return
    allowed = OWN if role == "autre" and address.startswith(("/admin/", "/documents/")) else set()
    yield from (f"{role} {address} : {what}" for what in markers_shown(response) if what not in allowed)


def test_each_role_gets_what_the_table_says_and_reads_nothing_private_at_any_address(crawl_results):
    """On the public side a session adds nothing to anybody but the files that its role may choose; in the admin the staff read all,
    and a partner its own."""
    faults, _buttons = crawl_results
    assert not faults, "\n".join(faults)


# Buttons that lose, send and publish nothing.
HARMLESS = {"Enregistrer le brouillon", "Rechercher", "Afficher l’aperçu"}


def test_the_first_button_of_each_form_which_enter_presses_in_a_field_is_harmless(crawl_results):
    _faults, buttons = crawl_results
    assert {button: address for button, address in buttons.items() if button not in HARMLESS} == {}


def asked(role, person, pages, names):
    """``(address, status that is due, answer)`` of every address; what the table doesn't list may have any status. Of what
    everybody gets alike, and of the pages, only :data:`WITNESSES` are asked."""
    client = Client(raise_request_exception=False)
    for address, _below, expected in lines():
        if role not in WITNESSES and len(set(expected.values())) == 1:
            continue
        if person and SESSION_KEY not in client.session:  # at first, and after the address that ends a session
            client.force_login(person)
        yield address, expected[role], client.get(address.format(**names))
    if role not in WITNESSES:
        return
    for address in [*of_pages(pages), *([] if role in STAFF else files())]:
        response = client.get(address)
        yield address, response.status_code, response


def test_a_document_s_file_is_read_by_who_may_choose_it(client, accounts_and_records, marked_pages):
    every = {what for what in MARKERS if what.startswith("document")}
    due = {
        role: every if role in STAFF else {"document of a partner's"} if role == "autre" else set() for role in ROLES
    }
    read = {}
    for role, person in accounts_and_records[0].items():
        if person:
            client.force_login(person)
        read[role] = {what for document in Document.objects.all() for what in markers_shown(client.get(document.url))}
    assert read == due


def test_a_partner_is_told_nothing_of_another_s_pages_in_the_admin(client, accounts_and_records, marked_pages):
    people, _names = accounts_and_records
    client.force_login(people["partenaire"])
    client.raise_request_exception = False
    leaks = []
    for page in marked_pages:
        for name in ("edit", "history", "view_draft", "usage", "copy", "move", "delete", "workflow_history"):
            response = client.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]))
            leaks += [f"{name} {page.pk} : {what}" for what in markers_shown(response)]
    assert not leaks, "\n".join(leaks)


def test_a_public_fiche_is_found_where_the_others_are_not(client, accounts_and_records, marked_pages):
    """The searches above do find: without this, an empty answer to all would pass."""
    for address in ("/recherche/?q=tous", "/fiches/?q=tous", "/api/v1/fiches?q=tous"):
        assert "vue de tous" in body(client.get(address)), address
    assert UserFactory._meta.model.objects.count() >= len(ROLES) - 1
