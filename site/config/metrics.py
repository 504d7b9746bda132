"""Prometheus metrics at `/sante/metriques`, protected by RALLYNOV_METRICS_TOKEN, without personal data.

prometheus_client sums the counters of all processes in the folder PROMETHEUS_MULTIPROC_DIR, which gunicorn's configuration
creates. The other metrics are read from the database on each request.
"""

import os
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import Error
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config import monitoring
from fiches.models import Courriel
from fiches.models.courriel import OBSOLETE, STOPPED
from fiches.models.enums import Envoi

# First path segments that are counted separately (the label "genre"); everything else is a page.
KINDS = ("admin", "api", "candidature", "documents", "integration", "media", "sante", "signaler", "static")

requests = Counter("rallynov_requetes", "Requests answered.", ["genre", "methode", "classe"])
seconds = Histogram(
    "rallynov_requete_secondes",
    "Seconds that answers took.",
    ["genre"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
cached_responses = Counter(
    "rallynov_reponses_gardees", "Anonymous requests that the kept responses answered, or not.", ["resultat"]
)


class MetricsMiddleware:
    """Counts requests and measures their duration. Must be the outermost middleware but for `AnyHostMiddleware`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        first = request.path_info.removeprefix("/").partition("/")[0]
        genre = first if first in KINDS else "page"
        method = request.method if request.method in {"GET", "HEAD", "POST"} else "AUTRE"
        requests.labels(genre, method, f"{response.status_code // 100}xx").inc()
        seconds.labels(genre).observe(time.perf_counter() - started)
        status = response.get("Cache-Status", "")
        if status:
            cached_responses.labels("trouvee" if "; hit" in status else "faite").inc()
        return response


class Queues(Collector):
    """Metrics of the queues in the database: numbers and ages of tasks, mails, periodic work and backups."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("rallynov_base_de_donnees", "1 when the database answers.")
        try:
            metrics = [*tasks(), *mails(), *periodic(), *backups()]
        except Error:
            metrics = []
        up.add_metric([], 1 if metrics else 0)
        yield up
        yield from metrics


def tasks() -> Iterator[Metric]:
    """Tasks by state, and the age of the oldest due task."""
    count = GaugeMetricFamily("rallynov_taches", "Tasks, by state.", labels=["etat"])
    for row in DBTaskResult.objects.order_by().values("status").annotate(number=Count("pk")):
        count.add_metric([str(row["status"]).lower()], row["number"])
    yield count
    yield _gauge("rallynov_taches_attente_secondes", "Age of the oldest task that is due.", monitoring.task_age())


def mails() -> Iterator[Metric]:
    """Mails by state, and the age of the oldest unsent mail."""
    count = GaugeMetricFamily("rallynov_courriels", "Mails, by state.", labels=["etat"])
    # Mails given up because they were obsolete, or because staff stopped them, are not failures.
    mails = Courriel.objects.order_by().exclude(etat=Envoi.ABANDONNE, erreur__in=[OBSOLETE, STOPPED])
    numbers = dict(mails.values_list("etat").annotate(number=Count("pk")))
    for state in Envoi.values:
        count.add_metric([state], numbers.get(state, 0))
    yield count
    yield _gauge("rallynov_courriels_attente_secondes", "Age of the oldest mail not sent.", monitoring.mail_age())


def periodic() -> Iterator[Metric]:
    """Lateness of periodic work (which is run every minute), and how long one has been failing."""
    late, fails = monitoring.periodic_lateness(), monitoring.failing_age()
    yield _gauge("rallynov_echeances_retard_secondes", "How late the latest periodic work is.", late)
    yield _gauge("rallynov_echeances_echec_secondes", "For how long a periodic work has failed.", fails)


def backups() -> Iterator[Metric]:
    """Age of the latest backup; no metric if backups are made by other means."""
    age = monitoring.backup_age()
    if age is not None:
        yield _gauge("rallynov_sauvegarde_secondes", "Age of the latest backup, or of the site without one.", age)


def _gauge(name: str, documentation: str, value: float) -> Metric:
    gauge = GaugeMetricFamily(name, documentation)
    gauge.add_metric([], value)
    return gauge


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Serves the metrics. 404 without the right token, so that the endpoint's existence is not revealed."""
    token = settings.RALLYNOV_METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not constant_time_compare(given, token):
        raise Http404
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    else:
        for metric in (requests, seconds, cached_responses):
            registry.register(metric)
    registry.register(Queues())
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")
