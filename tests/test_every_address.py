"""Every address of the site is in `tests/acces.txt`, which says what each role gets. Private, draft, expired and unpublished pages
carry words of their own, which appear at none of these addresses for who may not see them.

A new address fails :func:`test_every_address_is_in_the_table` until it has a line there; that test's message gives the
line to complete.
"""

import datetime
import itertools
import re

import pytest
from django.contrib.auth import SESSION_KEY
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
from tests.addresses import (
    OF_PAGES,
    ROLES,
    TABLE,
    accounts_and_records,
    admin_addresses,
    lines,
    module_accounts_and_records,
    page_routes,
    patterns,
    route_of,
)
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

pytestmark = pytest.mark.django_db
__all__ = ["accounts_and_records", "module_accounts_and_records"]

SLUGS = itertools.count()
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
    return factory(slug=f"page-{next(SLUGS)}", **fields)


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


EACH_PUSH = ("anonyme", "partenaire", "redaction", "admin")
"""The other four ask each night: rights are given by group."""
WITNESSES = {"anonyme", "autre", "admin"}
"""Who asks what everybody gets alike: nobody, the owner of what is hidden, and who may do all."""
# Buttons that lose, send and publish nothing.
HARMLESS = {"Enregistrer le brouillon", "Rechercher", "Afficher l’aperçu"}


@pytest.mark.parametrize(
    "role", [role if role in EACH_PUSH else pytest.param(role, marks=pytest.mark.nightly) for role in ROLES]
)
def test_a_role_gets_what_the_table_says_and_reads_nothing_private_at_any_address(
    accounts_and_records, marked_pages, role
):
    """On the public side a session adds nothing to anybody but the files that its role may choose; in the admin the staff read all,
    and a partner its own. The first button of each form, which Enter presses in a field, is harmless."""
    people, names = accounts_and_records
    faults = []
    for address, status, response in asked(role, people[role], marked_pages, names):
        faults += faults_of(role, address, status, response)
        if role == "admin":
            faults += [f"{address} : {button}" for button in first_buttons(response) if button not in HARMLESS]
    assert not faults, "\n".join(faults)


# Where Wagtail names pages without asking who reads: titles alone, for accounts of the admin.
TITLES_SHOWN = {
    "/admin/choose-page/{index}/": {"never shown since"},
    "/admin/reports/page-types-usage/": {"taken offline"},
}


def faults_of(role, address, status, response):
    if response.status_code != status:
        yield f"{role} {address} : {response.status_code} au lieu de {status}"
    if role in STAFF and address.startswith("/admin/"):
        return
    allowed = OWN if role == "autre" and address.startswith(("/admin/", "/documents/")) else set()
    allowed = {*allowed, *TITLES_SHOWN.get(address, ())}
    yield from (f"{role} {address} : {what}" for what in markers_shown(response) if what not in allowed)


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


def test_every_address_is_in_the_table(tree, accounts_and_records):
    _people, names = accounts_and_records
    table = [(address.split("?")[0].format(**names), below) for address, below, _expected in lines()]
    known = {route_of(address, tree.home) for address, _below in table}
    covered = tuple(address.lstrip("/") for address, below in table if below)
    everything = {*patterns(), *page_routes()}
    missing = sorted(route for route in everything - known if not route.startswith(covered))
    assert not missing, f"À ajouter à tests/{TABLE.name} :\n" + "\n".join(
        f"/{route}  {' '.join('?' for role in ROLES)}" for route in missing
    )


NUMBERS = {"admin": ("home", "brouillon", "image"), "redaction": ("brouillon",)}
"""What the addresses of the admin are tried with, by role: those of pages with each, the others with the last, which names nothing
of most kinds. `tests/fiches/test_seen_pages.py` asks them with the numbers of fiches, as a partner and others."""


@pytest.mark.nightly
@pytest.mark.parametrize("role", NUMBERS)
def test_no_address_of_the_admin_breaks_whatever_it_names(client, accounts_and_records, role):
    people, names = accounts_and_records
    client.raise_request_exception = False
    client.force_login(people[role])
    broken = []
    for address in admin_addresses():
        if "<" in address:
            numbers = [names[name] for name in NUMBERS[role]][0 if address.startswith(OF_PAGES) else -1 :]
        else:
            numbers = [0] if role == "admin" else []
        for number in numbers:
            filled = f"/{re.sub(r'<[^>]+>', str(number), address)}"
            if client.get(filled).status_code >= 500:
                broken.append(filled)
    assert broken == []


def test_no_address_of_the_admin_answers_the_public(client, accounts_and_records):
    """Whatever the table covers at once: each of Wagtail's own addresses sends a passer-by to the log-in page."""
    _people, names = accounts_and_records
    open_to_all = ("admin/login/", "admin/password_reset/", "admin/jsi18n/", "admin/sprite/", "admin/compte-inactif/")
    answered = []
    for route in patterns():
        address = re.sub(r"\(\?P<[^>]+>[^)]*\)|<[^>]+>", "1", route)
        if not address.startswith("admin/") or address.startswith(open_to_all) or "(" in address or ".*" in address:
            continue
        response = client.get(f"/{address}")
        if response.status_code not in {302, 403, 404, 405} or response.get("Location", "/admin/login").startswith(
            "/admin/p"
        ):
            answered.append(f"{address} : {response.status_code}")
    assert not answered
