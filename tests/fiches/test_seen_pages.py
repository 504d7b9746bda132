"""Titles of pages that a person doesn't see: told by no address of the admin, whatever number stands in it."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.admin.widgets import BaseChooser
from wagtail.blocks.base import BlockWidget
from wagtail.documents.models import Document
from wagtail.images.blocks import ImageBlock
from wagtail.log_actions import log
from wagtail.models import GroupPagePermission, Page, PageViewRestriction

from fiches.models.corbeille import bins
from fiches.upkeep.recycle_bin import discard
from home.models import Illustration
from tests.addresses import OF_PAGES, patterns
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import (
    CarnetPageFactory,
    ContentPageFactory,
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
    PartenaireFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

WORD = "zygomat"
NAMED = {"app": "fiches", "model": "fichepage", "locale": "fr", "format": "html"}
"""What stands in a route for a parameter whose name holds this word; in the others stands a number."""


@pytest.fixture(scope="module")
def module_hidden_pages(module_tree, django_db_blocker):
    """What `pages` and `people` are, made once for the module."""
    with module_transaction(django_db_blocker):
        tree = read_tree(module_tree)
        yield plant_hidden(tree), plant_people(tree)


@pytest.fixture
def pages(module_hidden_pages, tree):
    """Pages of every kind, of which each title says which it is; nobody of `people` may see them. The last one's is a draft's."""
    return module_hidden_pages[0]


@pytest.fixture
def people(module_hidden_pages, tree):
    """``{who: (account, a page that it may change)}``."""
    return {
        who: (reload_record(account), reload_record(page)) for who, (account, page) in module_hidden_pages[1].items()
    }


def plant_hidden(tree):
    owner = UserFactory(role="partenaire")
    hidden = [
        FichePageFactory(parent=tree.fiches, live=False, owner=owner, revision=owner, title=f"{WORD}-fiche"),
        EtapePageFactory(parent=tree.etapes, live=False, title=f"{WORD}-etape"),
        CarnetPageFactory(parent=tree.carnets, live=False, title=f"{WORD}-carnet"),
        ContentPageFactory(parent=tree.home, live=False, title=f"{WORD}-page"),
        ContentPageFactory(parent=tree.home, title=f"{WORD}-reservee"),
        EtapePageFactory(parent=tree.etapes, title="Étape vue de tous"),
    ]
    PageViewRestriction.objects.create(page=hidden[4], restriction_type="password", password="x")
    changed = hidden[5]
    changed.title = f"{WORD}-nouveau-titre"
    changed.save_revision()
    hidden[0].get_workflow().start(hidden[0], owner)
    return hidden


def plant_people(tree):
    section = ContentPageFactory(parent=tree.home, title="Ma rubrique")
    group = Group.objects.create(name="Rubrique")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for action in ("add", "change", "publish"):
        permission = Permission.objects.get(codename=f"{action}_page", content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=section, permission=permission)
    nothing = Group.objects.create(name="Sans droit")
    nothing.permissions.add(Permission.objects.get(codename="access_admin"))
    partner = UserFactory(role="partenaire")
    own = FichePageFactory(parent=tree.fiches, live=False, owner=partner, revision=partner, title="À moi")
    return {
        "partenaire": (partner, own),
        "moderation": (UserFactory(role="moderation"), own),
        "one section": (UserFactory(groups=[group]), section),
        "no page": (UserFactory(groups=[nothing]), section),
    }


def written(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace").lower()


def hidden_titles_shown(client, address):
    """The hidden titles that an address tells; a search says again what was searched, without the rest of the title."""
    answer = client.get(address)
    assert answer.status_code < 500, address
    return sorted(set(re.findall(rf"{WORD}-[a-z-]+", written(answer))))


def numbered(route, numbers):
    """The route with ``numbers`` in its places, the last one again where there are more places; ``None`` for no place."""
    places = iter([*numbers, *[numbers[-1]] * 5])

    def value(match):
        name = match["name"].lower()
        return next((word for part, word in NAMED.items() if part in name), None) or str(next(places))

    return re.sub(r"<(?:\w+:)?(?P<name>\w+)>", value, route)


def addresses_with_key(pk, own):
    """Every address of the admin, with the number of a hidden page in each place, and beside the number of one's own.

    One's own stands alone in the addresses of pages: elsewhere that number names nothing."""
    for route in sorted(set(patterns())):
        if not route.startswith("admin/") or "(" in route or "logout" in route or "deconnexion" in route:
            continue
        alone = route.count("<") == 1 and not route.startswith(OF_PAGES)
        pairs = ([pk],) if alone else ([pk], [own, pk], [pk, own])
        ways = {numbered(route, numbers) for numbers in pairs} if "<" in route else set()
        yield from (f"/{way}" for way in sorted(ways))


# For each of `people`, the page walked over: a fiche under review, an étape's draft, the draft of a public étape, a reserved page.
ADDRESS_COUNTS = {"partenaire": 0, "moderation": 1, "one section": 5, "no page": 4}


@pytest.mark.nightly
def test_no_address_of_the_admin_tells_the_title_of_a_page_that_is_not_seen(client, pages, people):
    client.raise_request_exception = False
    leaks = []
    for who, (person, own) in people.items():
        client.force_login(person)
        page = pages[ADDRESS_COUNTS[who]]
        leaks += [
            f"{who} {each}"
            for each in addresses_with_key(page.pk, own.pk)
            if page.title in hidden_titles_shown(client, each)
        ]
    assert not leaks, "\n".join(leaks)


QUESTIONS = [
    "/admin/",
    "/admin/pages/search/?q={word}",
    "/admin/choose-page/",
    "/admin/choose-page/?page_type=rallynov_etapes.EtapePage",
    "/admin/choose-page/?page_type=rallynov_carnets.CarnetPage",
    "/admin/choose-page/{home}/",
    "/admin/choose-page/{etapes}/",
    "/admin/choose-page/search/?q={word}",
    "/admin/choose-page/chosen-multiple/?id={pk}",
    "/admin/choose-external-link/?link_url=/accueil/",
    "/admin/fiches/approuvees/?q={word}",
    "/admin/fiches/approuvees/chosen/{pk}/",
    "/admin/fiches/approuvees/chosen-multiple/?id={pk}",
    "/admin/api/main/pages/?search={word}",
    "/admin/api/main/pages/?child_of={home}",
    "/admin/api/main/pages/?child_of={etapes}&for_explorer=1",
    "/admin/bulk/wagtailcore/page/publish/?id={pk}",
    "/admin/bulk/wagtailcore/page/unpublish/?id={pk}",
    "/admin/bulk/wagtailcore/page/move/?id={pk}",
    "/admin/bulk/wagtailcore/page/delete/?id={pk}",
    "/admin/bulk/rallynov_fiches/fichepage/edition/?id={pk}",
    "/admin/bulk/rallynov_etapes/etapepage/edition/?id={pk}",
    "/admin/reports/locked/",
    "/admin/reports/workflow/",
    "/admin/reports/workflow_tasks/",
    "/admin/reports/site-history/",
    "/admin/reports/site-history/?export=csv",
    "/admin/reports/aging-pages/?export=csv",
    "/admin/reports/page-types-usage/",
    "/admin/redaction/corbeille/",
    "/admin/redaction/liens/",
    "/admin/fiches/?export=csv",
    "/admin/etapes/?export=csv",
]


@pytest.mark.parametrize("each_page", [False, pytest.param(True, marks=pytest.mark.nightly)])
def test_no_list_or_search_of_the_admin_tells_it(client, tree, pages, people, each_page):
    """A list that a number is sent to is sent that of one page by each person; each night, those of all the pages."""
    client.raise_request_exception = False
    leaks = []
    for who, (person, _own) in people.items():
        client.force_login(person)
        seen = {f"{WORD}-fiche"} if who == "moderation" else set()
        for question in QUESTIONS:
            for page in pages if each_page and "{pk}" in question else [pages[ADDRESS_COUNTS[who]]]:
                address = question.format(word=WORD, pk=page.pk, home=tree.home.pk, etapes=tree.etapes.pk)
                leaks += [
                    f"{who} {address} : {title}" for title in hidden_titles_shown(client, address) if title not in seen
                ]
    assert not leaks, "\n".join(leaks)


TAKE_PAGES = (
    *OF_PAGES,
    *(f"admin/{room}/" for room in ("redaction", "fiches", "etapes", "carnets", "workflows", "bulk")),
)
"""Where a number may be that of any page, as the bin is."""


@pytest.mark.nightly
@pytest.mark.parametrize("role", ["admin", "moderation", "partenaire"])
def test_a_fiche_in_the_bin_is_told_by_the_bin_alone(client, tree, people, role):
    client.raise_request_exception = False
    person, own = (UserFactory(role="admin"), people["moderation"][1]) if role == "admin" else people[role]
    fiche = FichePageFactory(parent=tree.fiches, revision=person, owner=person, title=f"{WORD}-jetee", locked_by=person)
    log(fiche, "wagtail.edit", user=person)
    discard(fiche, by=person)
    client.force_login(person)
    everything = set(addresses_with_key(fiche.pk, own.pk))
    everything |= {
        each for each in addresses_with_key(bins().get().pk, own.pk) if each.lstrip("/").startswith(TAKE_PAGES)
    }
    # A superuser may do all: what they aren't told anywhere, others could only be told in a list, or in a page's own addresses.
    addresses = {each for each in everything if role == "admin" or each.lstrip("/").startswith(OF_PAGES)}
    for question in QUESTIONS:
        addresses.add(question.format(word=WORD, pk=fiche.pk, home=tree.home.pk, etapes=tree.etapes.pk))
    assert [each for each in sorted(addresses) if fiche.title in hidden_titles_shown(client, each)] == [
        "/admin/redaction/corbeille/"
    ]


def test_a_chooser_of_one_type_tells_no_unseen_page_above_them(client, tree, people):
    section = ContentPageFactory(parent=tree.home, live=False, title=f"{WORD}-rubrique")
    tree.etapes.move(section, pos="last-child")
    client.force_login(people["partenaire"][0])
    for address in (
        "/admin/choose-page/?page_type=rallynov_etapes.EtapeIndexPage",
        f"/admin/choose-page/{section.pk}/",
    ):
        assert not hidden_titles_shown(client, address)
    client.force_login(UserFactory(role="admin"))
    assert hidden_titles_shown(client, "/admin/choose-page/?page_type=rallynov_etapes.EtapeIndexPage") == [
        f"{WORD}-rubrique"
    ]


@pytest.mark.parametrize("who", ADDRESS_COUNTS)
def test_an_address_that_is_typed_becomes_a_link_to_a_seen_page_alone(client, pages, people, who):
    person, _own = people[who]
    client.force_login(person)
    for page in (pages[4], pages[5]):
        sent = {"external-link-chooser-url": page.full_url, "external-link-chooser-link_text": "ici"}
        response = client.post(reverse("wagtailadmin_choose_page_external_link"), sent)
        if who != "no page":
            assert response.json()["result"]["url"] == page.full_url
            assert "id" not in response.json()["result"]
        assert WORD not in written(response).replace(page.slug, "")


def test_a_copy_refused_tells_nothing_of_the_parent_that_was_sent(client, pages, people):
    person, own = people["one section"]
    client.force_login(person)
    sent = {"new_title": "", "new_slug": "", "new_parent_page": pages[1].pk}
    response = client.post(reverse("wagtailadmin_pages:copy", args=[own.pk]), sent, follow=True)
    assert WORD not in written(response)


def choosers(form):
    """``{name of a field: model}`` of the choosers of a page's form, and of the forms of what stands below the page."""
    found = {}
    for each in (form, *(row for rows in getattr(form, "formsets", {}).values() for row in rows.forms)):
        for bound in each:
            widget = bound.field.widget
            if isinstance(widget, BaseChooser):
                found[bound.html_name] = widget.model_class
    return found


@pytest.mark.parametrize("make", [FichePageFactory, EtapePageFactory, ContentPageFactory, CarnetPageFactory])
def test_a_form_that_comes_back_tells_nothing_of_the_numbers_that_were_sent(client, tree, pages, people, make):
    """Each chooser of the form is sent the number of another's page, picture or document; the texts, as blocks that hold them."""
    parent = {FichePageFactory: tree.fiches, EtapePageFactory: tree.etapes, CarnetPageFactory: tree.carnets}
    partner = people["partenaire"][0]
    organiser = PartenaireFactory(membres=[partner]) if make is EtapePageFactory else None
    options = {"organisateurs": [organiser]} if organiser else {}
    own = make(parent=parent.get(make, tree.home), live=False, owner=partner, title="À moi aussi", **options)
    own.save_revision(user=partner)
    person = partner if make in (FichePageFactory, EtapePageFactory) else people["one section"][0]
    if make not in (FichePageFactory, EtapePageFactory):
        GroupPagePermission.objects.create(
            group=person.groups.get(),
            page=own,
            permission=Permission.objects.get(codename="change_page", content_type__app_label="wagtailcore"),
        )
    image = IllustrationFactory(title=f"{WORD}-image")
    file = Document.objects.create(title=f"{WORD}-document", file=ContentFile(b"le contenu", name="plan.txt"))
    client.force_login(person)
    address = reverse("wagtailadmin_pages:edit", args=[own.pk])
    form = client.get(address).context["form"]
    numbers = {Page: pages[0].pk, Illustration: image.pk, Document: file.pk}
    sent = {f"{form.prefix}-{name}" if form.prefix else name: "" for name in form.fields}
    sent |= {"title": "", "slug": own.slug}
    for rows in form.formsets.values():
        sent |= {
            f"{rows.prefix}-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
        }
    for name, model in choosers(form).items():
        kind = next((kind for kind in numbers if issubclass(model, kind)), None)
        sent |= {name: numbers[kind]} if kind else {}
    for name, field in form.fields.items():
        if isinstance(field.widget, BlockWidget):
            sent |= in_blocks(name, field.block, numbers)
    answer = client.post(address, sent)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert WORD not in written(answer)


def in_blocks(prefix, stream, numbers):
    """What a form sends for a text with one block of each kind that holds a page, a picture or a document."""
    sent, count = {}, 0
    for name, block in stream.child_blocks.items():
        fields = getattr(block, "child_blocks", {})
        for field, child in fields.items():
            model = getattr(getattr(child, "target_model", None), "__mro__", ())
            kind = next(
                (kind for kind in numbers if kind in model), Illustration if isinstance(child, ImageBlock) else None
            )
            if kind:
                sent |= {
                    f"{prefix}-{count}-deleted": "",
                    f"{prefix}-{count}-order": count,
                    f"{prefix}-{count}-type": name,
                    f"{prefix}-{count}-id": "",
                    f"{prefix}-{count}-value-{field}": numbers[kind],
                    f"{prefix}-{count}-value-{field}-image": numbers[kind],
                }
                count += 1
                break
    return sent | {f"{prefix}-count": count}


def test_who_may_use_a_picture_still_reads_its_title_in_a_form(client, tree, people):
    partner, own = people["partenaire"]
    own.photo = IllustrationFactory(title="Ma photo")  # the staff's, on a fiche of the partner
    own.save_revision(user=partner)
    client.force_login(partner)
    assert "ma photo" in written(client.get(reverse("wagtailadmin_pages:edit", args=[own.pk])))


def test_what_everyone_reads_can_be_chosen(client, tree, pages, people):
    """A moderator links to the pages of the site that they don't edit."""
    programme = ContentPageFactory(parent=tree.home, title="Le programme")
    for who in ("moderation", "partenaire", "one section"):
        client.force_login(people[who][0])
        assert "Le programme" in client.get(f"/admin/choose-page/{tree.home.pk}/").json()["html"]
        chosen = client.get(f"/admin/choose-page/chosen-multiple/?id={programme.pk}").json()
        assert [page["adminTitle"] for page in chosen["result"]] == ["Le programme"]


def test_who_sees_a_page_still_moves_to_it_and_links_to_it(client, tree, pages):
    client.force_login(UserFactory(role="redaction"))
    page, target = pages[3], ContentPageFactory(parent=tree.home, live=False, title="Rubrique")
    assert "rubrique" in written(client.get(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, target.pk])))
    assert f"{WORD}-page" in written(client.get(f"/admin/choose-page/{tree.home.pk}/"))
    sent = {"external-link-chooser-url": pages[4].full_url, "external-link-chooser-link_text": ""}
    assert client.post(reverse("wagtailadmin_choose_page_external_link"), sent).json()["result"]["id"] == pages[4].pk
