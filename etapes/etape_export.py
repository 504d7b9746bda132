"""Exports étapes as a spreadsheet (CSV or XLSX)."""

from collections.abc import Iterator
from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from etapes.models import EtapePage
from fiches.admin.importation.fiche_export import in_batches, response
from fiches.spreadsheet_cells import escape_formula


def download(pks: list[int], kind: str) -> HttpResponseBase:
    """Returns a file response with the étapes ``pks`` in road order. ``kind`` is "csv" or "xlsx"."""
    road = EtapePage.objects.on_the_road().values_list("pk", flat=True)
    chosen = set(pks)
    etapes = in_batches(
        [pk for pk in road if pk in chosen], lambda keys: EtapePage.objects.filter(pk__in=keys).for_cards()
    )
    return response(rows_of(etapes), kind, "etapes")


def rows_of(etapes: Iterator[Any]) -> Iterator[list[str]]:
    """Yields the headings, then one row per étape. ``etapes`` come from `EtapeQuerySet.for_cards`."""
    yield [
        *(_("N°"), _("Étape"), _("Date"), _("Start"), _("End"), _("Moment of the day"), _("Place"), _("Commune")),
        *(_("INSEE code"), _("Edition"), _("Organisers"), _("State"), _("Registration"), _("Places taken")),
        *(_("Number of places"), _("Attendance"), _("Online"), _("Changed on")),
    ]
    for etape in etapes:
        yield [
            escape_formula("" if value is None else str(value)) for value in (*_where_and_when(etape), *_state(etape))
        ]


def _where_and_when(etape: EtapePage) -> tuple[int | str | None, ...]:
    return (
        etape.numero,
        etape.draft_title,
        etape.date.isoformat() if etape.date else "",
        f"{etape.debut:%H:%M}" if etape.debut else "",
        f"{etape.fin:%H:%M}" if etape.fin else "",
        etape.get_moment_display(),
        etape.lieu,
        etape.commune.nom if etape.commune else "",
        etape.commune_id,
    )


def _state(etape: EtapePage) -> Any:
    updated = etape.latest_revision_created_at
    return (
        etape.edition,
        ", ".join(each.partenaire.nom_court for each in etape.organisations.all()),
        etape.etat.label,
        etape.get_inscriptions_display(),
        etape.prises,
        etape.capacite,
        etape.participants,
        _("yes") if etape.live else _("no"),
        f"{timezone.localtime(updated):%Y-%m-%d %H:%M}" if updated else "",
    )
