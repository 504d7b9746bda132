"""Dead links: what public pages point to elsewhere is noted when they are published, and looked at once a week, a few at a
time, by the durable queue. Only public addresses are asked, as `fiches.connexion` has it, and none is followed to a private
one.
"""

import re
from datetime import timedelta
from hashlib import blake2s

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
from fiches.connexion import AddressError, DeliveryError, fetch
from fiches.models import Lien

EVERY = timedelta(days=7)
AT_ONCE = 60
REDIRECTIONS = 5
LONGEST = 2000
GONE = {404, 410}
REFUSED = {401, 403, 405, 406, 429, 501, 503, 999}
"""The page is there, and doesn't want to be asked by a machine."""
TRIES = 3
"""Weeks for which an address that doesn't answer is given another chance."""
WEB = re.compile(r"https?://\S+", re.IGNORECASE)
A_TIME = 200
# Fields that may hold an address.
READ = (StreamField, RichTextField, models.URLField)


def connect():
    """Called once, when Django starts."""
    page_published.connect(published, dispatch_uid="liens_published")
    page_unpublished.connect(unpublished, dispatch_uid="liens_unpublished")


def published(sender, instance, **kwargs):
    """Receiver."""
    note_links(instance)


def unpublished(sender, instance, **kwargs):
    """Receiver: what nobody reads needs no mending."""
    Lien.objects.filter(page=instance.pk).delete()


def note_links(page):
    """The links of a page as it is online; those that it no longer has are forgotten, with what was found of them."""
    found = {digest(address): address for address in addresses_in(page)}
    known = dict(Lien.objects.filter(page=page.pk).values_list("empreinte", "pk"))
    Lien.objects.filter(pk__in=[pk for mark, pk in known.items() if mark not in found]).delete()
    new = [
        Lien(page_id=page.pk, empreinte=mark, adresse=address) for mark, address in found.items() if mark not in known
    ]
    Lien.objects.bulk_create(new, ignore_conflicts=True)


def digest(address):
    return blake2s(address.encode(), digest_size=16).hexdigest()


def addresses_in(page):
    """Of all that its form holds: fields for an address, running text, blocks."""
    for field in page._meta.get_fields():
        value = getattr(page, field.name) if isinstance(field, READ) else None
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


def note_all():
    """Periodic: pages published before links were noted, or by other ways; returns how many were read."""
    number = 0
    pks = list(Page.objects.live().filter(depth__gt=1).values_list("pk", flat=True))
    Lien.objects.exclude(page__in=Page.objects.live()).delete()
    for start in range(0, len(pks), A_TIME):
        for page in Page.objects.filter(pk__in=pks[start : start + A_TIME]).specific():
            note_links(page)
            number += 1
    return number


def look():
    """Periodic: has what is due looked at, by the queue."""
    if Lien.objects.due(timezone.now(), EVERY).exists():
        regarder_liens.enqueue()


@task(priority=-20)
def regarder_liens():
    """A few; one address is asked once, whatever the number of pages that point to it."""
    now = timezone.now()
    for mark in dict.fromkeys(Lien.objects.due(now, EVERY).values_list("empreinte", flat=True)[:AT_ONCE]):
        check(mark)


def check(mark):
    """Asks one address, and notes what was found with each page that points to it."""
    links = Lien.objects.filter(empreinte=mark)
    link = links.first()
    if link is None:
        return
    verdict, is_gone = found_at(link.adresse)
    now = timezone.now()
    if not verdict:
        links.update(constat="", verifie_le=now, echecs=0, mort_depuis=None)
        return
    links.update(constat=verdict[:200], verifie_le=now, echecs=models.F("echecs") + 1)
    dead = links.filter(mort_depuis__isnull=True)
    (dead if is_gone else dead.filter(echecs__gte=TRIES)).update(mort_depuis=now)


def found_at(address):
    """``(what is wrong, whether that is certain)``; ``("", False)`` where something stands there."""
    try:
        status = _status(iri_to_uri(address))
    except AddressError as error:
        return str(error), True
    except DeliveryError as error:
        return str(error), False
    if status < 400 or status in REFUSED:
        return "", False
    return _("the answer is %(status)s") % {"status": status}, status in GONE


def _status(address):
    """Asked for its head first, then, where that isn't understood, as a reader asks."""
    answer = fetch(address, method="HEAD", follow=REDIRECTIONS, plain=True)
    if answer.status >= 400:
        answer = fetch(address, follow=REDIRECTIONS, plain=True, body=False)
    return answer.status
