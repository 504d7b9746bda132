"""Reach without tracking: how often each embed was loaded, by site and by day. Nothing about who loaded it.

The one writer of ``Chargement``. A load is noted in memory and written with others a few seconds later, by a thread of
its own: no embed waits for the database, none fails with it. What cannot be written now is kept for the next time.
"""

import atexit
import logging
import re
import threading
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.models import F
from django.utils import timezone

from fiches.diffusion.models import Chargement
from fiches.models import Partenaire

logger = logging.getLogger(__name__)

# Seconds before loads are written, unless ``RALLYNOV_PORTEE_DELAI`` says otherwise; 0 writes each at once.
DELAY = 5
MOST_HELD = 5_000
HOSTS_A_DAY = 500
QUESTIONS_A_HOST = 40
KEPT = timedelta(days=3 * 366)
# Hosts of loads whose site wasn't told, and of those past the day's limit.
UNKNOWN, OTHERS = "", "*"
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9]([a-z0-9-]{0,62}))*")
BOTS = re.compile(
    r"bot\b|bot[/ ;]|crawl|spider|slurp|preview|monitor|scan|fetch|curl|wget|python|java/|okhttp|http-client|lighthouse"
    r"|facebookexternalhit|embedly|archive",
    re.IGNORECASE,
)
# What ``Sec-Fetch-Dest`` says of a load inside another page; « document » is a visit to ours.
IN_A_PAGE = {"", "empty", "iframe", "frame", "embed", "object"}


def note_load(request, nature, question):
    """Counts one load of an embed, if a person's browser made it inside a page of another site. Never raises."""
    host = host_of(request)
    if host is not None and is_a_load(request):
        tally.add((timezone.localdate(), host, nature, question[:300]))


def host_of(request):
    """The host name of the site whose page shows the embed; :data:`UNKNOWN`; ``None`` when it is our own."""
    told = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        host = urlsplit(told).hostname or ""
    except ValueError:
        host = ""
    host = host.lower().rstrip(".")
    if not HOST.fullmatch(host):
        return UNKNOWN
    return None if host == request.get_host().rpartition(":")[0] or host == request.get_host() else host


def is_a_load(request):
    """No robot, no prefetch, no visit to the frame's own address."""
    agent = request.headers.get("User-Agent", "")
    ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    inside = request.headers.get("Sec-Fetch-Dest", "") in IN_A_PAGE
    return request.method == "GET" and bool(agent) and not BOTS.search(agent) and not ahead and inside


class Tally:
    """What this process has counted and not written yet."""

    def __init__(self):
        self.counts = Counter()
        self.lock = threading.Lock()
        self.timer = None

    def add(self, load):
        delay = getattr(settings, "RALLYNOV_PORTEE_DELAI", DELAY)
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

    def flush(self):
        """Writes what was counted; what the database refuses stays for the next time."""
        with self.lock:
            counts, self.counts, self.timer = self.counts, Counter(), None
        try:
            write(counts)
        except DatabaseError as error:
            logger.warning("reach_not_written", extra={"error": type(error).__name__, "loads": counts.total()})
            with self.lock:
                self.counts.update(counts)

    def _flush_and_close(self):
        try:
            self.flush()
        finally:
            connections.close_all()


tally = Tally()
atexit.register(tally.flush)


@transaction.atomic
def write(counts):
    """Adds ``{(day, host, embed, question): number}`` to what is stored, safely beside other processes that do."""
    if not counts:
        return
    rows = Counter()
    for day in {load[0] for load in counts}:
        bounded = Bounds(day, {load[1] for load in counts if load[0] == day})
        for load, number in counts.items():
            if load[0] == day:
                rows[bounded.admit(load)] += number
    names = ("jour", "hote", "nature", "question")
    known = [dict(zip(names, load, strict=True)) for load in sorted(rows)]  # in one order: two writers never deadlock
    Chargement.objects.bulk_create([Chargement(**load) for load in known], ignore_conflicts=True)
    for load in known:
        Chargement.objects.filter(**load).update(nombre=F("nombre") + rows[tuple(load.values())])


class Bounds:
    """How many rows a day may take, whatever Referers are made up: beyond, loads are counted together.

    A partner's own site is never among « the others ».
    """

    def __init__(self, day, hosts):
        stored = Chargement.objects.filter(jour=day)
        self.hosts = set(stored.values_list("hote", flat=True).distinct())
        self.partners = partner_hosts()
        self.questions = {}
        for host, nature, question in stored.filter(hote__in=hosts).values_list("hote", "nature", "question"):
            self.questions.setdefault(host, set()).add((nature, question))

    def admit(self, load):
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


def partner_hosts():
    """``{host name: key of the partner}`` from the partners' own sites."""
    sites = Partenaire.objects.exclude(site="").values_list("site", "pk")
    hosts = {(urlsplit(site).hostname or "").removeprefix("www."): pk for site, pk in sites}
    return {host: pk for host, pk in hosts.items() if host}


def owner(host, partners):
    """The key of the partner at whose site, or below it, ``host`` is; ``None`` for nobody's."""
    parts = host.split(".")
    tails = (".".join(parts[start:]) for start in range(len(parts)))
    return next((partners[tail] for tail in tails if tail in partners), None)


def forget():
    """Counts are kept for three years. Returns how many rows went."""
    return Chargement.objects.filter(jour__lt=timezone.localdate() - KEPT).delete()[0]
