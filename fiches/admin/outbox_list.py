"""The admin's list of mails: those that will leave, with recipient and time, and those refused, stopped or sent."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView

from fiches.admin.columns import FormColumn
from fiches.admin.dashboard import DashboardLine
from fiches.formats import moment
from fiches.mail import outbox
from fiches.mail.wordings import letters_seen_by, title_of
from fiches.models import Courriel
from fiches.models.enums import Envoi

LEAVING, REFUSED, STOPPED, SENT = "partir", "refuses", "arretes", "partis"
STATES = [
    (LEAVING, gettext_lazy("will leave")),
    (REFUSED, gettext_lazy("refused by the mail server")),
    (STOPPED, gettext_lazy("stopped")),
    (SENT, gettext_lazy("sent")),
]


def mails_seen_by(user: AbstractUser | AnonymousUser) -> Any:
    """The mails that the user may see, and stop."""
    return Courriel.objects.filter(modele__in=letters_seen_by(user))


def in_state(courriels: Any, state: str) -> QuerySet:
    if state == REFUSED:
        return courriels.refused()
    if state == STOPPED:
        return courriels.stopped()
    return courriels.filter(etat=Envoi.ENVOYE) if state == SENT else courriels.leaving()


def _mails_of(request: HttpRequest) -> list[tuple[str, str]]:
    return sorted(((name, title_of(name)) for name in letters_seen_by(request.user)), key=lambda choice: choice[1])


class MailFilterSet(WagtailFilterSet):
    etat = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=STATES, method="of_state", empty_label=None, initial=LEAVING
    )
    modele = django_filters.ChoiceFilter(label=gettext_lazy("Mail"), choices=[])

    class Meta:
        model = Courriel
        fields = ["etat", "modele"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        data.setdefault("etat", LEAVING)
        super().__init__(data, *args, **kwargs)
        self.form.fields["modele"].choices = [("", _("All")), *_mails_of(self.request)]

    def of_state(self, queryset: Any, name: str, value: str) -> QuerySet:
        return in_state(queryset, value)


class RecipientsColumn(Column):
    def get_value(self, instance: Courriel) -> str:
        return ", ".join(instance.destinataires)


class WhenColumn(Column):
    """When it leaves, left or was given up."""

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

    @cached_property
    def no_results_message(self) -> str:
        return _("No mail is waiting here.")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        is_leaving = self.request.GET.get("etat", LEAVING) == LEAVING
        return {**context, "arretables": context["items_count"] if is_leaving else 0}


@require_POST
def stop_one(request: HttpRequest, pk: int) -> HttpResponse:
    courriel = get_object_or_404(mails_seen_by(request.user), pk=pk)
    outbox.stop(Courriel.objects.filter(pk=pk))
    courriel.refresh_from_db()
    if courriel.est_arrete:  # now, or by somebody else before
        messages.success(request, _("“%(mail)s” is stopped: it will not leave.") % {"mail": courriel})
    else:
        messages.warning(request, _("“%(mail)s” has already left: it can’t be stopped.") % {"mail": courriel})
    return redirect("fiches_boite_d_envoi")


@require_POST
def send_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends a mail that was stopped or refused."""
    courriel = get_object_or_404(mails_seen_by(request.user), pk=pk)
    if outbox.send_after_all(courriel):
        messages.success(request, _("“%(mail)s” leaves now.") % {"mail": courriel})
    else:
        courriel.refresh_from_db()
        messages.warning(request, _why_not_sent(courriel))
    return redirect("fiches_boite_d_envoi")


def _why_not_sent(courriel: Courriel) -> str:
    """Why a mail that is neither stopped nor refused is not sent again."""
    if courriel.envoye:
        text = _("“%(mail)s” left on %(when)s: it is not sent a second time.")
        return text % {"mail": courriel, "when": moment(courriel.envoye)}
    if courriel.va_partir:
        return _("“%(mail)s” is about to leave by itself: there is nothing else to do.") % {"mail": courriel}
    return _("“%(mail)s” is no longer needed: what it says is no longer true. It does not leave.") % {"mail": courriel}


@require_POST
def stop_all(request: HttpRequest) -> HttpResponse:
    """Stops the mails that the list showed: those of one kind, or to the addresses searched for."""
    if not letters_seen_by(request.user):
        raise PermissionDenied
    view = OutboxView()
    view.setup(request)
    shown = view.filter_queryset(view.get_queryset())
    number = outbox.stop(Courriel.objects.filter(pk__in=list(shown.leaving().values_list("pk", flat=True))))
    if number:
        text = ngettext("%(number)s mail is stopped.", "%(number)s mails are stopped.", number)
        messages.success(request, text % {"number": number})
    else:
        messages.warning(request, _("No mail is stopped: those of the list have left, or were stopped already."))
    return redirect(f"{reverse('fiches_boite_d_envoi')}?{urlencode({'etat': STOPPED})}")


def lines(user: AbstractUser) -> Iterator[DashboardLine]:
    """Yields the dashboard lines of the mails that will leave, and of those that the mail server refused."""
    if not letters_seen_by(user):
        return
    address = reverse("fiches_boite_d_envoi")
    number = mails_seen_by(user).refused().count()
    label = ngettext("mail that the server refused", "mails that the server refused", number)
    yield DashboardLine(label, number, f"{address}?{urlencode({'etat': REFUSED})}")
    number = mails_seen_by(user).leaving().count()
    yield DashboardLine(ngettext("mail about to leave", "mails about to leave", number), number, address)


class OutboxMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(letters_seen_by(request.user))


urlpatterns = [
    path("courriels/", OutboxView.as_view(), name="fiches_boite_d_envoi"),
    path("courriels/results/", OutboxView.as_view(results_only=True), name="fiches_boite_d_envoi_results"),
    path("courriels/arreter/", stop_all, name="fiches_courriels_arreter"),
    path("courriels/<int:pk>/arreter/", stop_one, name="fiches_courriel_arreter"),
    path("courriels/<int:pk>/envoyer/", send_one, name="fiches_courriel_envoyer"),
]
