"""The admin's list of mails: those that will leave, with recipient and time, and those refused, stopped or sent."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView

from fiches.admin.columns import FormColumn
from fiches.admin.dashboard import DashboardLine
from fiches.mail import outbox
from fiches.mail.wordings import letters_seen_by, title_of
from fiches.models import Courriel
from fiches.models.enums import Envoi

STATES = [state for state in Envoi.choices if state[0] != Envoi.EN_COURS]


def mails_seen_by(user: AbstractUser | AnonymousUser) -> Any:
    """The mails that the user may see, and stop."""
    return Courriel.objects.filter(modele__in=letters_seen_by(user))


class MailFilterSet(WagtailFilterSet):
    etat = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=STATES, empty_label=None)
    modele = django_filters.ChoiceFilter(label=gettext_lazy("Mail"), choices=[])

    class Meta:
        model = Courriel
        fields = ["etat", "modele"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__({"etat": Envoi.A_ENVOYER.value, **(data.dict() if data else {})}, *args, **kwargs)
        names = [(name, title_of(name)) for name in letters_seen_by(self.request.user)]
        self.form.fields["modele"].choices = [("", _("All")), *sorted(names, key=lambda choice: choice[1])]


class RecipientsColumn(Column):
    def get_value(self, instance: Courriel) -> str:
        return ", ".join(instance.destinataires)


class WhenColumn(Column):
    """When it leaves or left, and why it did not."""

    cell_template_name = "fiches/admin/_depart_du_courriel.html"


class StopColumn(FormColumn):
    """The button that stops a mail, or sends one after all."""

    cell_template_name = "fiches/admin/_arreter_le_courriel.html"


class OutboxView(ReportView):
    model = Courriel
    page_title = gettext_lazy("Outbox")
    header_icon = "mail"
    index_url_name = "fiches_boite_d_envoi"
    index_results_url_name = "fiches_boite_d_envoi_results"
    results_template_name = "fiches/admin/boite_d_envoi.html"
    filterset_class = MailFilterSet
    default_ordering = "prochain_essai"
    is_searchable = True
    search_fields = ["_a"]
    columns = [
        Column("mail", label=gettext_lazy("Mail"), accessor=str),
        RecipientsColumn("destinataires", label=gettext_lazy("Sent to")),
        WhenColumn("depart", label=gettext_lazy("When"), accessor="prochain_essai", sort_key="prochain_essai"),
        StopColumn("arreter", label=gettext_lazy("Stop or send"), accessor="pk", classname="agir"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not letters_seen_by(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet:
        return mails_seen_by(self.request.user).annotate(_a=Cast("destinataires", TextField())).defer("contexte")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Stops the mails that the list showed: those of one kind, or to the addresses searched for."""
        shown = self.filter_queryset(self.get_queryset()).values_list("pk", flat=True)
        number = outbox.stop(Courriel.objects.filter(pk__in=list(shown)))
        text = ngettext("%(number)s mail is stopped.", "%(number)s mails are stopped.", number)
        messages.success(request, text % {"number": number})
        return redirect(f"{reverse('fiches_boite_d_envoi')}?etat={Envoi.ARRETE}")


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Stops a mail that will leave, or sends one that was stopped or refused."""
    courriel = get_object_or_404(mails_seen_by(request.user), pk=pk)
    if "envoyer" in request.POST and outbox.send_after_all(courriel):
        messages.success(request, _("“%(mail)s” leaves now.") % {"mail": courriel})
    elif "arreter" in request.POST and outbox.stop(Courriel.objects.filter(pk=pk)):
        messages.success(request, _("“%(mail)s” is stopped: it will not leave.") % {"mail": courriel})
    else:
        courriel.refresh_from_db()
        text = _("Nothing was changed: “%(mail)s” is “%(state)s”.")
        messages.warning(request, text % {"mail": courriel, "state": courriel.get_etat_display()})
    return redirect("fiches_boite_d_envoi")


def lines(user: AbstractUser) -> Iterator[DashboardLine]:
    """Yields the dashboard lines of the mails that will leave, and of those that the mail server refused."""
    if not letters_seen_by(user):
        return
    address = reverse("fiches_boite_d_envoi")
    number = mails_seen_by(user).filter(etat=Envoi.REFUSE).count()
    label = ngettext("mail that the server refused", "mails that the server refused", number)
    yield DashboardLine(label, number, f"{address}?etat={Envoi.REFUSE}")
    number = mails_seen_by(user).leaving().count()
    yield DashboardLine(ngettext("mail about to leave", "mails about to leave", number), number, address)


urlpatterns = [
    path("courriels/", OutboxView.as_view(), name="fiches_boite_d_envoi"),
    path("courriels/results/", OutboxView.as_view(results_only=True), name="fiches_boite_d_envoi_results"),
    path("courriels/<int:pk>/", change, name="fiches_courriel"),
]
