"""Those registered, as their organisers look for them and take them along."""

import csv
from io import StringIO

from django import forms
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etapes.enums import EtatInscription
from fiches.tableur import escape_formula

PER_PAGE = 50
WAYS_IN = [("", gettext_lazy("came or not")), ("oui", gettext_lazy("came")), ("non", gettext_lazy("not yet"))]


class FilterForm(forms.Form):
    """What the organiser looks for; what can't be read is left out, and said."""

    q = forms.CharField(label=gettext_lazy("Name, e-mail or organisation"), required=False, max_length=200)
    etat = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("all")), *EtatInscription.choices],
    )
    arrivee = forms.ChoiceField(label=gettext_lazy("At the door"), required=False, choices=WAYS_IN)

    def filtered(self, inscriptions):
        self.is_valid()
        asked = self.cleaned_data
        if words := asked.get("q"):
            inscriptions = inscriptions.filter(
                Q(nom__icontains=words) | Q(courriel__icontains=words) | Q(organisation__icontains=words)
            )
        if asked.get("etat"):
            inscriptions = inscriptions.filter(etat=asked["etat"])
        if asked.get("arrivee"):
            inscriptions = inscriptions.filter(arrivee_le__isnull=asked["arrivee"] == "non")
        return inscriptions


def counts(etape):
    """``{"confirmee", "attente", "annulee", "venues", "besoins"}`` in one query."""
    numbers = {value: Count("pk", filter=Q(etat=value)) for value in EtatInscription.values}
    return etape.inscrits.aggregate(
        **numbers,
        venues=Count("pk", filter=Q(arrivee_le__isnull=False)),
        besoins=Count("pk", filter=~Q(besoins="") & ~Q(etat=EtatInscription.ANNULEE)),
    )


def as_csv(inscriptions):
    """A table for a spreadsheet: semicolons and a byte-order mark, as French ones read them; no cell runs."""
    file = StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(
        [_("Name"), _("Organisation"), _("E-mail"), _("State"), _("Asked on"), _("Came at"), _("Accessibility needs")]
    )
    for each in inscriptions:
        row = [each.nom, each.organisation, each.courriel, each.get_etat_display(), _moment(each.demandee_le)]
        writer.writerow([escape_formula(str(value)) for value in [*row, _moment(each.arrivee_le), each.besoins]])
    return "\ufeff" + file.getvalue()


def _moment(instant):
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M}" if instant else ""
