"""The organisers' list of registrations: filter form, counts, CSV."""

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etapes.enums import EtatInscription
from fiches.spreadsheet_cells import csv_lines, escape_formula

if TYPE_CHECKING:
    from etapes.models import EtapePage


PER_PAGE = 50
ARRIVAL_CHOICES = [("", gettext_lazy("came or not")), ("oui", gettext_lazy("came")), ("non", gettext_lazy("not yet"))]


class FilterForm(forms.Form):
    """Filters of the list. An invalid value is ignored, and shown as an error."""

    q = forms.CharField(label=gettext_lazy("Name, e-mail or organisation"), required=False, max_length=200)
    etat = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("all")), *EtatInscription.choices],
    )
    arrivee = forms.ChoiceField(label=gettext_lazy("At the door"), required=False, choices=ARRIVAL_CHOICES)

    def filtered(self, inscriptions: QuerySet) -> QuerySet:
        self.is_valid()
        cleaned = self.cleaned_data
        if words := cleaned.get("q"):
            inscriptions = inscriptions.filter(
                Q(nom__icontains=words) | Q(courriel__icontains=words) | Q(organisation__icontains=words)
            )
        if cleaned.get("etat"):
            inscriptions = inscriptions.filter(etat=cleaned["etat"])
        if cleaned.get("arrivee"):
            inscriptions = inscriptions.filter(arrivee_le__isnull=cleaned["arrivee"] == "non")
        return inscriptions


def counts(etape: "EtapePage") -> dict[str, int]:
    """Returns ``{"confirmee", "attente", "annulee", "venues", "besoins"}``, numbers of registrations, in one query."""
    numbers = {value: Count("pk", filter=Q(etat=value)) for value in EtatInscription.values}
    return etape.inscrits.aggregate(
        **numbers,
        venues=Count("pk", filter=Q(arrivee_le__isnull=False)),
        besoins=Count("pk", filter=~Q(besoins="") & ~Q(etat=EtatInscription.ANNULEE)),
    )


def as_csv(inscriptions: QuerySet) -> bytes:
    """A CSV file for French spreadsheets. Cells can't be run as formulas."""
    rows = [
        [_("Name"), _("Organisation"), _("E-mail"), _("State"), _("Asked on"), _("Came at"), _("Accessibility needs")]
    ]
    for each in inscriptions:
        row = [each.nom, each.organisation, each.courriel, each.get_etat_display(), _instant(each.demandee_le)]
        rows.append([escape_formula(str(value)) for value in [*row, _instant(each.arrivee_le), each.besoins]])
    return b"".join(csv_lines(rows))


def _instant(instant: datetime | None) -> str:
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M}" if instant else ""
