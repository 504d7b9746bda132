"""Reach of the embeds: how often each site loads each of them by day, without personal data, and the report on it. No other module
writes Chargement."""

import logging
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import django_filters
from django.db import Error, transaction
from django.db.models import Count, F, Max, QuerySet, Sum
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from fiches.diffusion.embeds import embed_named
from fiches.diffusion.models import Chargement
from fiches.query.fiche_filter import FicheFilter
from fiches.spreadsheet_cells import escape_formula

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
# An embed that was loaded on some days, and not for this time, is silent: a page was broken or removed.
SILENT_AFTER = timedelta(days=14)
MIN_DAYS = 3


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


def too_old(now: datetime) -> QuerySet:
    """The counts older than :data:`RETENTION`."""
    return Chargement.objects.filter(jour__lt=timezone.localdate(now) - RETENTION)


def site_name(row: dict[str, Any]) -> str:
    return row["hote"] or _("site not told")


def in_words(row: dict[str, Any]) -> str:
    """Returns a kind of embed and its query in words: « la liste – 12 innovations dans le Doubs »."""
    embed = embed_named(row["nature"])
    if embed is None:
        return row["nature"]
    question = row["question"]
    words = FicheFilter.parse(QueryDict(question)).sentence() if embed.filtres and question else question
    return f"{embed.libelle} – {words}" if words else str(embed.libelle)


class ReachFilterSet(WagtailFilterSet):
    jour = django_filters.DateFromToRangeFilter(label=gettext_lazy("Days"), widget=DateRangePickerWidget)
    hote = django_filters.CharFilter(label=gettext_lazy("Site"), lookup_expr="icontains")
    silencieux = django_filters.BooleanFilter(label=gettext_lazy("Not shown any more"), method="only_silent")

    class Meta:
        model = Chargement
        fields = ["jour", "hote", "nature"]

    def only_silent(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        if not value:
            return rows
        return rows.filter(dernier__lt=timezone.localdate() - SILENT_AFTER, jours__gte=MIN_DAYS)


class ReachReportView(ReportView):
    """Wagtail's report, one row for each embed of a site."""

    page_title = gettext_lazy("Reach of the embeds")
    header_icon = "globe"
    index_url_name = "portee"
    index_results_url_name = "portee_results"
    filterset_class = ReachFilterSet
    is_searchable = False
    permission_policy = ModelPermissionPolicy(Chargement)
    any_permission_required = ["view"]
    default_ordering = "-nombre"
    list_export = ["hote", "integration", "question", "nombre", "dernier"]
    export_headings = {"integration": gettext_lazy("Embed"), "nombre": gettext_lazy("Loads")}

    columns = [
        Column("site", label=gettext_lazy("Site"), accessor=site_name, sort_key="hote"),
        Column("integration", label=gettext_lazy("Embed"), accessor=in_words, sort_key="nature"),
        Column("nombre", label=gettext_lazy("Loads"), sort_key="nombre"),
        Column("dernier", label=gettext_lazy("Last day"), sort_key="dernier"),
    ]

    def get_base_queryset(self) -> QuerySet:
        rows = Chargement.objects.values("hote", "nature", "question")
        return rows.annotate(nombre=Sum("nombre"), dernier=Max("jour"), jours=Count("jour", distinct=True))

    def to_row_dict(self, item: dict[str, Any]) -> dict[str, Any]:
        row = super().to_row_dict({**item, "integration": in_words(item)})
        return {column: escape_formula(value) for column, value in row.items()}
