"""The organisers' screens: registrations, check-in, announcements."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView

from etapes.enums import EtatInscription
from etapes.inscriptions import annonces, mails, registration_transitions
from etapes.inscriptions.change_confirmation import show_waiting_mails
from etapes.inscriptions.organiser_access import check_organiser, frame, organiser_required
from etapes.inscriptions.registration_forms import InscriptionByHandForm
from etapes.models import Annonce, Inscription
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


index = organiser_required(RegistrationsView.as_view())
index_results = organiser_required(RegistrationsView.as_view(results_only=True))


VERBS = {
    "annuler": lambda inscription, by: registration_transitions.cancel(inscription=inscription, by=by),
    "place": lambda inscription, by: registration_transitions.give_place(inscription=inscription, by=by),
    "arrivee": lambda inscription, by: registration_transitions.check_in(inscription=inscription),
    "depart": lambda inscription, by: registration_transitions.check_in(inscription=inscription, came=False),
}


@require_POST
@organiser_required
def change_registration(request: HttpRequest, etape: "EtapePage", inscription: int, verbe: str) -> HttpResponse:
    """Does what a button of the list of registrations says, then shows the list. ``verbe``: a key of :data:`VERBS`."""
    if verbe not in VERBS:
        raise Http404
    registration = get_object_or_404(etape.inscrits, pk=inscription)
    try:
        changed = VERBS[verbe](registration, request.user)
    except registration_transitions.RegistrationRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("etapes_inscriptions", etape.pk)
    registration.refresh_from_db()
    values = {"name": registration.nom, "state": door_state(registration)}
    messages.success(request, (_("%(name)s: %(state)s.") if changed else _("%(name)s already: %(state)s.")) % values)
    return redirect("etapes_inscriptions", etape.pk)


def door_state(inscription: Inscription) -> str:
    return _("is there") if inscription.arrivee_le else inscription.get_etat_display()


# --- Check-in ---------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, cle: UUID) -> HttpResponse:
    """The page behind a registration's QR code. GET shows the person; POST checks them in, or out with ``oublier``."""
    inscription = Inscription.objects.select_related("etape__commune").filter(cle=cle).first()
    if inscription is None:
        raise Http404
    check_organiser(request.user, inscription.etape)
    if request.method == "POST":
        registration_transitions.check_in(inscription=inscription, came="oublier" not in request.POST)
        return redirect("etapes_arrivee", cle)
    etape = inscription.etape
    context = frame(etape, _("At the door"), inscription=inscription, nombres=counts(etape))
    return render(request, "etapes/admin/arrivee.html", context)


# --- Announcements ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def write_announcement(request: Any, etape: "EtapePage") -> HttpResponse:
    """Writes an announcement in three steps: the form, what one person gets (``apercu``), the sending (``envoyer``)."""
    posted = request.POST if request.method == "POST" else None
    initial = {"cle": uuid4(), "public": Annonce.Public.CONFIRMEES}
    form = annonces.AnnonceForm(posted, instance=Annonce(etape=etape), initial=initial)
    shown: dict[str, Any] = {}
    if posted and form.is_valid():
        annonce = form.save(commit=False)
        annonce.cle = form.cleaned_data["cle"]
        people = annonces.audience(etape, annonce.public)
        if not people.exists():
            form.add_error("public", _("Nobody is there to write to."))
        elif "envoyer" in posted:
            if annonces.send(annonce=annonce, by=request.user):
                messages.success(request, _("The mail leaves for those registered."))
            else:
                messages.success(request, _("This mail had left already: nobody gets it twice."))
            return redirect("etapes_inscriptions", etape.pk)
        elif "apercu" in posted:
            example = people.first()
            shown = {"apercu": mails.preview(annonce, to=example), "exemple": example, "nombre": people.count()}
    context = frame(
        etape,
        _("Write to those registered"),
        form=form,
        places=annonces.PLACES,
        adresses_de_reponse=mails.answers_to(etape),
        **shown,
    )
    return render(request, "etapes/admin/message.html", context, status=422 if form.errors else 200)
