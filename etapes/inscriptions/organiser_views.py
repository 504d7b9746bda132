"""The organisers' screens: registrations, check-in, announcements."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from etapes.inscriptions import annonces, mails, registration_transitions
from etapes.inscriptions.organiser_access import check_organiser, frame, organiser_required
from etapes.inscriptions.registration_list import RegistrationsView, counts
from etapes.models import Annonce, Inscription

if TYPE_CHECKING:
    from etapes.models import EtapePage


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
