"""Detection of dead links: external links are stored when a page is published, and checked once a week, in batches, by the task
queue. Only public addresses are requested, redirections included (`fiches.safe_http`).
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from hashlib import blake2s
from typing import Any

from bs4 import BeautifulSoup
from django.db import models
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from fiches.admin.checklist import plain_texts, rich_texts
from fiches.models import Lien
from fiches.models.querysets import online
from fiches.safe_http import AddressError, DeliveryError, fetch

EVERY = timedelta(days=7)
AT_ONCE = 60
REDIRECTIONS = 5
LONGEST = 2000
GONE = {404, 410}
# Statuses by which a page that exists refuses automatic requests.
REFUSED = {401, 403, 405, 406, 429, 501, 503, 999}
# Weekly failures after which an address that doesn't answer counts as dead.
TRIES = 3
WEB = re.compile(r"https?://\S+", re.IGNORECASE)
A_TIME = 200
# Fields that may hold a link.
LINK_FIELDS = (StreamField, RichTextField, models.URLField)


def connect() -> None:
    """Connects the receivers. Called once, when Django starts."""
    page_published.connect(published, dispatch_uid="liens_published")
    page_unpublished.connect(unpublished, dispatch_uid="liens_unpublished")


def published(sender: type, instance: Page, **kwargs: Any) -> None:
    """Receiver of ``page_published``, which Wagtail also sends when a publication is scheduled."""
    if instance.live:
        store_links(instance)


def unpublished(sender: type, instance: Page, **kwargs: Any) -> None:
    """Receiver of ``page_unpublished``: deletes the page's links."""
    Lien.objects.filter(page=instance.pk).delete()


def store_links(page: Page) -> None:
    """Stores the links of a live page, and deletes those that it no longer has."""
    current = {digest(address): address for address in addresses_in(page)}
    known = dict(Lien.objects.filter(page=page.pk).values_list("empreinte", "pk"))
    Lien.objects.filter(pk__in=[pk for key, pk in known.items() if key not in current]).delete()
    new = [
        Lien(page_id=page.pk, empreinte=key, adresse=address) for key, address in current.items() if key not in known
    ]
    Lien.objects.bulk_create(new, ignore_conflicts=True)


def digest(address: str) -> str:
    return blake2s(address.encode(), digest_size=16).hexdigest()


def addresses_in(page: Page) -> Iterator[Any]:
    """Yields the external addresses in a page's fields: URLs, rich texts, blocks."""
    for field in page._meta.get_fields():
        value = getattr(page, field.name) if isinstance(field, LINK_FIELDS) else None
        if not value:
            continue
        if isinstance(field, StreamField):
            texts, words = list(rich_texts(value)), list(plain_texts(value))
        elif isinstance(field, RichTextField):
            texts, words = [value], []
        else:
            texts, words = [], [value]
        hrefs = [tag.get("href", "") for text in texts for tag in BeautifulSoup(text, "html.parser").find_all("a")]
        yield from (each.strip() for each in (*hrefs, *words) if WEB.fullmatch(each.strip()) and len(each) <= LONGEST)


def store_all_links() -> int:
    """Periodic work: stores the links of all live pages, for those published without the signal. Returns their number."""
    number = 0
    pages = online(Page.objects.filter(depth__gt=1))
    pks = list(pages.values_list("pk", flat=True))
    Lien.objects.exclude(page__in=pages).delete()
    for start in range(0, len(pks), A_TIME):
        for page in Page.objects.filter(pk__in=pks[start : start + A_TIME]).specific():
            store_links(page)
            number += 1
    return number


def queue_check() -> None:
    """Periodic work: queues the check of links that are due."""
    if Lien.objects.due(timezone.now(), EVERY).exists():
        check_links.enqueue()


@task(priority=-20)
def check_links() -> None:
    """Task: checks a batch of links. An address that several pages link to is requested once."""
    now = timezone.now()
    for key in dict.fromkeys(Lien.objects.due(now, EVERY).values_list("empreinte", flat=True)[:AT_ONCE]):
        check(key)


def check(mark: str) -> None:
    """Requests one address, and stores the result with each page that links to it.

    :param mark: :func:`digest` of the address.
    """
    links = Lien.objects.filter(empreinte=mark)
    link = links.first()
    if link is None:
        return
    verdict, is_gone = probe(link.adresse)
    now = timezone.now()
    if not verdict:
        links.update(constat="", verifie_le=now, echecs=0, mort_depuis=None)
        return
    links.update(constat=verdict[:200], verifie_le=now, echecs=models.F("echecs") + 1)
    dead = links.filter(mort_depuis__isnull=True)
    (dead if is_gone else dead.filter(echecs__gte=TRIES)).update(mort_depuis=now)


def probe(address: str) -> tuple[str, bool]:
    """Requests an address. Returns ``(error message, whether the link is certainly dead)``; ``("", False)`` if it works."""
    try:
        status = _status(iri_to_uri(address))
    except AddressError as error:
        return str(error), True
    except DeliveryError as error:
        return str(error), False
    if status < 400 or status in REFUSED:
        return "", False
    return _("the answer is %(status)s") % {"status": status}, status in GONE


def _status(address: str) -> int:
    """The status of a HEAD request; if that fails, of a GET request."""
    answer = fetch(address, method="HEAD", follow=REDIRECTIONS, plain=True)
    if answer.status >= 400:
        answer = fetch(address, follow=REDIRECTIONS, plain=True, body=False)
    return answer.status
