"""The organisers' list of registrations: the screen, its filters, counts and exports."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView

from etapes.enums import EtatInscription
from etapes.inscriptions import annonces, registration_transitions
from etapes.inscriptions.change_confirmation import show_waiting_mails
from etapes.inscriptions.organiser_access import frame
from etapes.inscriptions.registration_forms import InscriptionByHandForm
from etapes.models import Inscription
from fiches.admin.columns import FormColumn
from fiches.admin.fiche_lists import FoldedSearch
from fiches.admin.filters import OneFilter
from fiches.spreadsheet_cells import EscapedExport

if TYPE_CHECKING:
    from etapes.models import EtapePage


ARRIVAL_CHOICES = [("oui", gettext_lazy("came")), ("non", gettext_lazy("not yet"))]


class RegistrationFilterSet(WagtailFilterSet):
    arrivee = OneFilter(
        label=gettext_lazy("At the door"),
        choices=ARRIVAL_CHOICES,
        condition=lambda value: Q(arrivee_le__isnull=value == "non"),
    )

    class Meta:
        model = Inscription
        fields = ["etat"]


class PersonColumn(Column):
    """The name, the organisation and the address; the row's heading."""

    cell_template_name = "etapes/admin/_inscrit.html"


class VerbsColumn(FormColumn):
    """The buttons that check in, give a place and cancel."""

    cell_template_name = "etapes/admin/_verbes.html"


class RegistrationStateColumn(Column):
    """The state, whether the person is there, and whether the organisers wrote them down."""

    cell_template_name = "etapes/admin/_etat_de_l_inscrit.html"


class RegistrationsView(EscapedExport, FoldedSearch, ReportView):
    """The registrations of an étape, in the order in which they were asked; the form that writes somebody down; the mails sent.

    GET shows them; POST writes somebody down. Called with the étape by `organiser_access.organiser_required`.
    """

    model = Inscription
    template_name = "etapes/admin/inscriptions.html"
    filterset_class = RegistrationFilterSet
    default_ordering = "demandee_le"
    is_searchable = True
    search_fields = ["nom", "courriel", "organisation"]
    list_export = ["nom", "organisation", "courriel", "get_etat_display", "demandee_le", "arrivee_le", "besoins"]
    export_headings = {"get_etat_display": gettext_lazy("State")}
    columns = [
        PersonColumn("nom", label=gettext_lazy("Name"), sort_key="nom"),
        VerbsColumn("agir", label=gettext_lazy("Actions"), accessor="pk"),
        RegistrationStateColumn("etat", label=gettext_lazy("State"), accessor="get_etat_display", sort_key="etat"),
        Column("besoins", label=gettext_lazy("Needs"), accessor=lambda each: linebreaksbr(each.besoins)),
        Column(
            "demandee_le",
            label=gettext_lazy("Asked on"),
            accessor=lambda each: date_format(timezone.localtime(each.demandee_le), "SHORT_DATETIME_FORMAT"),
            sort_key="demandee_le",
        ),
    ]

    def setup(self, request: HttpRequest, etape: "EtapePage") -> None:
        self.etape, self.ajout = etape, InscriptionByHandForm(prefix="ajout")
        super().setup(request)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (self.results_only or self.is_export):
            show_waiting_mails(request, self.etape)
        return super().get(request, *args, **kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.ajout = InscriptionByHandForm(request.POST, prefix="ajout")
        if not self.ajout.is_valid():
            return self._refuse()
        try:
            inscription, new = registration_transitions.register(
                etape=self.etape, by=request.user, **self.ajout.cleaned_data
            )
        except registration_transitions.RegistrationRefused as refusal:
            messages.error(request, str(refusal))
            return self._refuse()
        values = {"name": inscription.nom, "state": inscription.get_etat_display()}
        if new:
            messages.success(request, _("%(name)s is written down: %(state)s.") % values)
        else:
            messages.warning(request, _("This address is registered already, as %(name)s: %(state)s.") % values)
        return redirect(self.index_url)

    def _refuse(self) -> HttpResponseBase:
        """The list, and the form with its errors."""
        answer = super().get(self.request)
        answer.status_code = 422
        return answer

    def get_index_url(self) -> str:
        return reverse("etapes_inscriptions", args=[self.etape.pk])

    def get_index_results_url(self) -> str:
        return reverse("etapes_inscriptions_results", args=[self.etape.pk])

    def get_base_queryset(self) -> QuerySet:
        return self.etape.inscrits.all()

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.order_by(self.ordering, "demandee_le", "pk")

    @cached_property
    def no_results_message(self) -> str:
        narrowed = self.is_searching or self.is_filtering
        return _("Nobody answers to that.") if narrowed else _("Nobody is registered yet.")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        etape = self.etape
        screen = frame(
            etape,
            _("Registrations"),
            nombres=counts(etape),
            annonces=[(each, annonces.fill_for(each, nom="…")) for each in etape.annonces.select_related("par")[:5]],
            ajout=self.ajout,
        )
        return {**super().get_context_data(*args, **kwargs), **screen}

    def get_filename(self) -> str:
        return f"inscriptions-{self.etape.slug}"


def counts(etape: "EtapePage") -> dict[str, int]:
    """Returns ``{"confirmee", "attente", "annulee", "venues", "besoins"}``, numbers of registrations, in one query."""
    numbers = {value: Count("pk", filter=Q(etat=value)) for value in EtatInscription.values}
    return etape.inscrits.aggregate(
        **numbers,
        venues=Count("pk", filter=Q(arrivee_le__isnull=False)),
        besoins=Count("pk", filter=~Q(besoins="") & ~Q(etat=EtatInscription.ANNULEE)),
    )
