"""Counts the loads of the embeds by site and day (Chargement), without personal data. No other module writes Chargement.

Loads are counted in memory, and a thread writes them every few seconds, so that an embed neither waits for the database nor fails
with it. Counts that could not be written are kept for the next write.
"""

import atexit
import logging
import re
import threading
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connections, transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from fiches.diffusion.models import Chargement
from fiches.models import Partenaire

logger = logging.getLogger(__name__)

# Default of ``RALLYNOV_REACH_DELAY``: seconds between two writes; 0 writes each load at once.
DELAY = 5
# Different loads counted in memory at most.
MOST_HELD = 5_000
# Limits per day: sites, and embeds of one site.
HOSTS_A_DAY = 500
QUESTIONS_A_HOST = 40
RETENTION = timedelta(days=3 * 366)
# Stored in place of the host: no referrer; sites beyond the day's limit.
UNKNOWN, OTHERS = "", "*"
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
    if host is not None and is_a_load(request):
        tally.add((timezone.localdate(), host, nature, question[:300]))


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


class Tally:
    """The loads that this process has counted and not written yet."""

    def __init__(self) -> None:
        self.counts: Counter[Any] = Counter()
        self.lock = threading.Lock()
        self.timer = None

    def add(self, load: tuple[date, str, str, str]) -> None:
        delay = getattr(settings, "RALLYNOV_REACH_DELAY", DELAY)
        with self.lock:
            if load not in self.counts and len(self.counts) >= MOST_HELD:
                load = (load[0], OTHERS, load[2], "")
            self.counts[load] += 1
            if delay and self.timer is None:
                self.timer = threading.Timer(delay, self._flush_and_close)
                self.timer.daemon = True
                self.timer.start()
        if not delay:
            self.flush()

    def flush(self) -> None:
        """Writes the counts; keeps them for the next time if the database fails."""
        with self.lock:
            counts, self.counts, self.timer = self.counts, Counter(), None
        if not counts:  # also at the exit of each command: no connection to the database
            return
        try:
            write(counts)
        except Error as error:
            logger.warning("reach_not_written", extra={"error": type(error).__name__, "loads": counts.total()})
            with self.lock:
                self.counts.update(counts)

    def _flush_and_close(self) -> None:
        try:
            self.flush()
        finally:
            connections.close_all()


tally = Tally()
atexit.register(tally.flush)


@transaction.atomic
def write(counts: Counter) -> None:
    """Adds ``{(day, host, embed, question): number}`` to the stored counts; safe with concurrent writers."""
    rows: Counter[Any] = Counter()
    for day in {load[0] for load in counts}:
        bounded = Bounds(day, {load[1] for load in counts if load[0] == day})
        for load, number in counts.items():
            if load[0] == day:
                rows[bounded.admit(load)] += number
    names = ("jour", "hote", "nature", "question")
    loads = [dict(zip(names, load, strict=True)) for load in sorted(rows)]  # sorted, so that two writers never deadlock
    Chargement.objects.bulk_create([Chargement(**load) for load in loads], ignore_conflicts=True)
    for load in loads:
        Chargement.objects.filter(**load).update(nombre=F("nombre") + rows[tuple(load.values())])


class Bounds:
    """Bounds the number of rows of a day, whatever referrers clients invent: loads beyond it are counted together.

    A partner's own site is never counted with the others.
    """

    def __init__(self, day: date, hosts: set[str]) -> None:
        stored = Chargement.objects.filter(jour=day)
        self.hosts = set(stored.values_list("hote", flat=True).distinct())
        self.partners = partner_hosts()
        self.questions: dict[str, set[tuple[str, str]]] = {}
        for host, nature, question in stored.filter(hote__in=hosts).values_list("hote", "nature", "question"):
            self.questions.setdefault(host, set()).add((nature, question))

    def admit(self, load: tuple[date, str, str, str]) -> tuple[date, str, str, str]:
        """Returns the load, with a general host or question in place of its own if it is beyond the limits."""
        day, host, nature, question = load
        if host not in self.hosts:
            if len(self.hosts) >= HOSTS_A_DAY and not owner(host, self.partners):
                host = OTHERS
            self.hosts.add(host)
        if host in (UNKNOWN, OTHERS):
            return day, host, nature, ""
        known = self.questions.setdefault(host, set())
        if (nature, question) not in known and len(known) >= QUESTIONS_A_HOST:
            question = ""
        known.add((nature, question))
        return day, host, nature, question


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
