"""Titles of pages that a person doesn't see: in no list, chooser or search of the admin."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission, PageViewRestriction

from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import (
    CarnetPageFactory,
    ContentPageFactory,
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

WORD = "zygomat"


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
    ]
    PageViewRestriction.objects.create(page=hidden[4], restriction_type="password", password="x")
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


QUESTIONS = [
    "/admin/",
    "/admin/pages/search/?q={word}",
    "/admin/choose-page/",
    "/admin/choose-page/?page_type=rallynov_etapes.EtapePage",
    "/admin/choose-page/?page_type=rallynov_carnets.CarnetPage",
    "/admin/choose-page/{home}/",
    "/admin/choose-page/{etapes}/",
    "/admin/choose-page/search/?q={word}",
    "/admin/fiches/approuvees/?q={word}",
    "/admin/api/main/pages/?search={word}",
    "/admin/api/main/pages/?child_of={home}",
    "/admin/api/main/pages/?child_of={etapes}&for_explorer=1",
    "/admin/reports/locked/",
    "/admin/reports/workflow/",
    "/admin/reports/workflow_tasks/",
    "/admin/reports/site-history/",
    "/admin/reports/site-history/?export=csv",
    "/admin/reports/aging-pages/?export=csv",
    "/admin/fiches/?export=csv",
    "/admin/etapes/?export=csv",
]


def test_no_list_or_search_of_the_admin_tells_it(client, tree, pages, people):
    client.raise_request_exception = False
    leaks = []
    for who, (person, _own) in people.items():
        client.force_login(person)
        seen = {f"{WORD}-fiche"} if who == "moderation" else set()
        for question in QUESTIONS:
            address = question.format(word=WORD, home=tree.home.pk, etapes=tree.etapes.pk)
            leaks += [
                f"{who} {address} : {title}" for title in hidden_titles_shown(client, address) if title not in seen
            ]
    assert not leaks, "\n".join(leaks)


def test_who_may_use_a_picture_still_reads_its_title_in_a_form(client, tree, people):
    partner, own = people["partenaire"]
    own.photo = IllustrationFactory(title="Ma photo")  # the staff's, on a fiche of the partner
    own.save()
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
