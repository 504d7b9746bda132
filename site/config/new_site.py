"""Makes a site ready for real work from an empty database: pages, menus, grid, roles, publisher, first account."""

from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.contrib.auth import get_user_model
from django.db import transaction
from wagtail.models import Page

from config.first_page import untouched_pages
from demo.bodies import BodyBuilder, stream_value
from demo.editorial import KINDS, make_menus, serve
from demo.records import make_grid
from demo.typography import typeset
from fiches.moderation import roles
from fiches.publications import version
from fiches.territoire.gazetteer import load_communes, remove_outside
from fiches.territoire.territory import Territory
from home.models import ContentPage, HomePage
from home.models.settings import Organisme

TEXTS = Path(__file__).parent / "new_site.yaml"


class NotEmptyError(Exception):
    """The database already holds content; the argument is the title of a page."""


class Order(NamedTuple):
    """What the operator says of the new site. ``editeur`` and ``courriel`` may be empty."""

    nom: str
    territoire: Territory
    editeur: str
    courriel: str


def check_empty() -> None:
    """
    :raises NotEmptyError: somebody wrote a page here.
    """
    other = Page.objects.filter(depth__gt=1).exclude(pk__in=[page.pk for page in untouched_pages()]).first()
    if other:
        raise NotEmptyError(other.title)


@transaction.atomic
def create_site(order: Order) -> list[Page]:
    """Creates the pages, published or as drafts, and what they need; returns those that are drafts, to be completed.

    :raises NotEmptyError: the database already holds content; nothing is changed.
    """
    check_empty()
    load_communes(of=order.territoire)
    remove_outside(of=order.territoire)
    make_grid()
    texts = _texts(order)
    home = _home(order, texts["accueil"])
    pages = {slug: _page(home, slug, text) for slug, text in texts["pages"].items()}
    home.action_page = pages["fiches"]
    home.save_revision().publish()
    _surround(home, order, texts, pages)
    roles.restore()
    version.touch()
    return [page for page in pages.values() if not page.live]


def create_account(username: str, courriel: str, password: str) -> None:
    """Creates the first account, with all rights."""
    get_user_model().objects.create_superuser(username, email=courriel, password=password)


def _texts(order: Order) -> dict[str, Any]:
    area = order.territoire.area
    words = {"{nom}": order.nom, "{lieu}": area.lieu, "{de}": area.de, "{editeur}": order.editeur or "À compléter."}

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [filled(each) for each in value]
        for name, word in words.items() if isinstance(value, str) else ():
            value = value.replace(name, word)
        return value

    return filled(yaml.safe_load(TEXTS.read_text(encoding="utf-8")))


def _body(kind: Any, slug: str, text: dict[str, Any]) -> Any:
    blocks = BodyBuilder(f"new-{slug}", exemple=False).build(text.get("corps"))
    return stream_value(kind._meta.get_field("corps"), blocks)


def _home(order: Order, text: dict[str, Any]) -> HomePage:
    """The home page, at the address BASE_URL, in the place of the page that a new site has."""
    first = untouched_pages()
    home = HomePage(
        title=order.nom,
        slug="accueil",
        introduction=typeset(text["introduction"]),
        action_libelle=typeset(text["action"]),
        corps=_body(HomePage, "accueil", text),
    )
    Page.get_first_root_node().add_child(instance=home)
    serve(home, order.nom)
    for page in first:
        page.delete()
    return HomePage.objects.get(pk=home.pk)


def _page(home: Page, slug: str, text: dict[str, Any]) -> Any:
    kind = KINDS.get(slug, ContentPage)
    page: Any = kind(title=typeset(text["titre"]), slug=slug, introduction=typeset(text["introduction"]), live=False)
    if "corps" in text:
        page.corps = _body(kind, slug, text)
    page.full_clean(exclude=["path", "depth", "numchild", "url_path", "content_type"])
    home.add_child(instance=page)
    revision = page.save_revision(clean=False)
    if not text.get("brouillon"):
        revision.publish()
    page.refresh_from_db()
    return page


def _surround(home: Page, order: Order, texts: dict[str, Any], pages: dict[str, Page]) -> None:
    """The menus and the publisher."""
    site = home.sites_rooted_here.get()
    make_menus(site, texts, pages)
    publisher = Organisme.for_site(site)
    publisher.nom, publisher.editeur, publisher.courriel = order.nom, order.editeur, order.courriel
    publisher.save()
