"""Finds the public page behind a path, a slug, a former slug or a UUID."""

from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import override
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from fiches import content_language
from fiches.models import Publication
from fiches.models.publications import PublicationQuerySet
from fiches.publications import ledger


def roots(site: Site) -> list[Page]:
    """Returns the site's home page in each language."""
    return (
        list(site.root_page.get_translations(inclusive=True))
        if content_language.is_multilingual()
        else [site.root_page]
    )


def path_prefixes(site: Site) -> dict[str, str]:
    """Returns ``{url_path of a home page: path of its public address}``: ``{"/accueil/": "/", "/home/": "/en/"}``."""
    prefixes = {}
    for root in roots(site):
        with override(content_language.language_of(root)):
            prefixes[root.url_path] = reverse("wagtail_serve", args=[""])
    return prefixes


def public_pages(site: Site | None = None) -> PublicationQuerySet:
    """Returns the register's rows of the pages that the public may see, of every kind: those of ``site``, or of all sites."""
    pages = Publication.objects.visible().filter(kind__in=[kind.name for kind in ledger.page_kinds()])
    return pages.filter(reduce(or_, (Q(url_path__startswith=root) for root in path_prefixes(site)))) if site else pages


def row_at(site: Site, path: str) -> Publication | None:
    """Returns the register's row of the public page at ``path`` (such as ``/en/fiches/``) on ``site``, or None."""
    path = f"/{path.strip('/')}/".replace("//", "/")
    for root, start in sorted(path_prefixes(site).items(), key=lambda pair: -len(pair[1])):
        if path.startswith(start):
            return public_pages(site).filter(url_path=root + path.removeprefix(start)).first()
    return None


def key_named(nature: str, name: str, langue: str = "") -> int | None:
    """Returns the primary key of a visible page, or None.

    :param nature: the page's kind in the register, such as ``fiche``.
    :param name: its slug, its UUID, or a former slug; tried in this order.
    :param langue: language code; the active language if empty.
    """
    visible = ledger.kind(nature).model.objects.visible().here(langue)
    return (
        visible.filter(slug=name).values_list("pk", flat=True).first()
        or _key_of_uid(nature, name, langue)
        or _key_of_old_name(visible, name)
    )


def _key_of_uid(nature: str, text: str, langue: str) -> int | None:
    if not (uid := uid_in(text)):
        return None
    rows = Publication.objects.visible().here(langue).filter(kind=nature, uid=uid)
    return rows.values_list("object_id", flat=True).first()


def uid_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _key_of_old_name(visible: QuerySet, name: str) -> int | None:
    """Looks the name up in the redirects that Wagtail creates when a page is renamed or moved."""
    old = Redirect.objects.filter(old_path__endswith=f"/{name}", redirect_page__in=visible.order_by().values("pk"))
    return old.order_by("-pk").values_list("redirect_page", flat=True).first()
