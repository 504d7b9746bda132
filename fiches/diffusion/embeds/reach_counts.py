"""Counts the loads of the embeds by site and day (Chargement), without personal data. No other module writes Chargement."""

import logging
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import Error, transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from fiches.diffusion.models import Chargement
from fiches.models import Partenaire

logger = logging.getLogger(__name__)

RETENTION = timedelta(days=3 * 366)
# Stored in place of the host without a referrer.
UNKNOWN = ""
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9]([a-z0-9-]{0,62}))*")
BOTS = re.compile(
    r"bot\b|bot[/ ;]|crawl|spider|slurp|preview|monitor|scan|fetch|curl|wget|python|java/|okhttp|http-client|lighthouse"
    r"|facebookexternalhit|embedly|archive",
    re.IGNORECASE,
)
# Values of ``Sec-Fetch-Dest`` for a load inside another page; ``document`` would be a visit to our own page.
IN_A_PAGE = {"", "empty", "iframe", "frame", "embed", "object"}


def count_load(request: HttpRequest, nature: str, question: str) -> None:
    """Counts a load of an embed, if a browser (not a robot) made it inside a page of another site."""
    host = host_of(request)
    if host is None or not is_a_load(request):
        return
    load = {"jour": timezone.localdate(), "hote": host, "nature": nature, "question": question[:300]}
    try:
        with transaction.atomic():
            Chargement.objects.update_or_create(
                **load, defaults={"nombre": F("nombre") + 1}, create_defaults={**load, "nombre": 1}
            )
    except Error as error:  # an embed doesn't fail with its count
        logger.warning("reach_not_written", extra={"error": type(error).__name__})


def host_of(request: HttpRequest) -> str | None:
    """Returns the host of the site that shows the embed; ``UNKNOWN`` without a referrer; None if it is our own site."""
    referrer = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        host = urlsplit(referrer).hostname or ""
    except ValueError:
        host = ""
    host = host.lower().rstrip(".")
    if not HOST.fullmatch(host):
        return UNKNOWN
    return None if host == request.get_host().rpartition(":")[0] or host == request.get_host() else host


def is_a_load(request: HttpRequest) -> bool:
    """Returns whether the request is a load by a browser: no robot, no prefetch, no visit to the framed page itself."""
    agent = request.headers.get("User-Agent", "")
    prefetched = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    inside = request.headers.get("Sec-Fetch-Dest", "") in IN_A_PAGE
    return request.method == "GET" and bool(agent) and not BOTS.search(agent) and not prefetched and inside


def partner_hosts() -> dict[str, int]:
    """Returns ``{host name: pk of the partner}`` from the partners' web sites."""
    sites = Partenaire.objects.exclude(site="").values_list("site", "pk")
    hosts = {(urlsplit(site).hostname or "").removeprefix("www."): pk for site, pk in sites}
    return {host: pk for host, pk in hosts.items() if host}


def owner(host: str, partners: dict[str, int]) -> Any:
    """Returns the pk of the partner whose host is ``host`` or a parent domain of it; None if there is none."""
    parts = host.split(".")
    tails = (".".join(parts[start:]) for start in range(len(parts)))
    return next((partners[tail] for tail in tails if tail in partners), None)


def too_old(now: datetime) -> QuerySet:
    """The counts older than :data:`RETENTION`."""
    return Chargement.objects.filter(jour__lt=timezone.localdate(now) - RETENTION)
