"""Admin views of the webhooks: list, detail, actions (test, pause, resume, secret) and the message log."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from fiches.diffusion.models import Livraison, Webhook
from fiches.diffusion.webhooks import webhook_actions

# Latest messages shown on a webhook's page.
LATEST_MESSAGES = 20
requires_view = permission_required("rallynov_diffusion.view_webhook", raise_exception=True)
requires_change = permission_required("rallynov_diffusion.change_webhook", raise_exception=True)


def state(webhook: Webhook) -> str:
    return _("active") if webhook.actif else _("paused")


class WebhookIndexView(IndexView):
    @cached_property
    def columns(self) -> list[Column | TitleColumn]:
        return [
            TitleColumn("nom", label=gettext_lazy("Name"), url_name="webhooks:detail", sort_key="nom"),
            Column("adresse", label=gettext_lazy("Address")),
            Column("evenements", label=gettext_lazy("Events"), accessor=lambda hook: ", ".join(hook.evenements)),
            Column("etat", label=gettext_lazy("State"), accessor=state),
            Column("echecs", label=gettext_lazy("Failures in a row"), sort_key="echecs"),
        ]


class WebhookCreateView(CreateView):
    """Shows the secret once, in the response to the creation."""

    def save_instance(self) -> Webhook:
        webhook = self.form.save(commit=False)
        self.secret = webhook_actions.create(webhook)
        log(instance=webhook, action="wagtail.create", user=self.request.user)
        return webhook

    def save_action(self) -> HttpResponse:
        return show_secret(self.request, self.object, self.secret)


class WebhookEditView(EditView):
    def save_instance(self) -> Webhook:
        webhook = self.form.save(commit=False)
        webhook_actions.change(webhook)
        log(instance=webhook, action="wagtail.edit", user=self.request.user)
        return webhook


def show_secret(request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
    response = render(request, "diffusion/admin/secret.html", {"webhook": webhook, "secret": secret})
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@requires_view
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    webhook = get_object_or_404(Webhook, pk=pk)
    context = {
        "webhook": webhook,
        "connues": webhook.connues.count(),
        "livraisons": webhook.livraisons.all()[:LATEST_MESSAGES],
        "peut_agir": request.user.has_perm("rallynov_diffusion.change_webhook"),
    }
    return render(request, "diffusion/admin/webhook.html", context)


@require_POST
@requires_change
def act_on_webhook(request: HttpRequest, pk: int, verbe: str) -> HttpResponse:
    webhook = get_object_or_404(Webhook, pk=pk)
    action = ACTIONS.get(verbe)
    if action is None:
        raise Http404
    return action(request, webhook) or redirect("webhooks:detail", pk)


def _test(request: HttpRequest, webhook: Webhook) -> None:
    webhook_actions.send_test(webhook)
    messages.success(request, _("The test is on its way: its answer will be below."))


def _pause(request: HttpRequest, webhook: Webhook) -> None:
    webhook_actions.pause(webhook, why=_("paused by %(name)s") % {"name": get_user_display_name(request.user)})
    messages.success(request, _("Paused: nothing more is sent."))


def _resume(request: HttpRequest, webhook: Webhook) -> None:
    webhook_actions.resume(webhook)
    messages.success(request, _("Active again: what changed in the meantime is being told."))


def _renew(request: HttpRequest, webhook: Webhook) -> HttpResponse:
    return show_secret(request, webhook, webhook_actions.renew_secret(webhook))


# By the last part of the action's URL.
ACTIONS = {
    "tester": _test,
    "suspendre": _pause,
    "reprendre": _resume,
    "secret": _renew,
}


class AdministratorsMenuItem(MenuItem):
    """Shown to administrators. The communication staff reach a webhook from their home page, when there is something to do."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.is_superuser


class WebhookViewSet(ModelViewSet):
    model = Webhook
    menu_item_class = AdministratorsMenuItem
    name = "webhooks"
    url_prefix = "webhooks/abonnes"
    icon = "link-external"
    menu_label = gettext_lazy("Webhooks")
    index_view_class = WebhookIndexView
    add_view_class = WebhookCreateView
    edit_view_class = WebhookEditView
    copy_view_enabled = False
    add_to_reference_index = False
    search_fields = ["nom", "adresse"]

    def get_urlpatterns(self) -> list[Any]:
        own = [
            path("<int:pk>/", detail, name="detail"),
            path("<int:pk>/<slug:verbe>/", act_on_webhook, name="agir"),
        ]
        return [*super().get_urlpatterns(), *own]


class LivraisonFilterSet(WagtailFilterSet):
    class Meta:
        model = Livraison
        fields = ["webhook", "etat", "evenement"]


class LivraisonIndexView(IndexView):
    default_ordering = ["-pk"]

    def get_base_queryset(self) -> QuerySet:
        return Livraison.objects.select_related("webhook")

    @cached_property
    def columns(self) -> list[Column | TitleColumn]:
        return [
            TitleColumn("evenement", label=gettext_lazy("Event"), url_name="webhooks_journal:message"),
            Column("webhook", label=gettext_lazy("Webhook")),
            Column("slug", label=gettext_lazy("Page")),
            Column("get_etat_display", label=gettext_lazy("State"), sort_key="etat"),
            Column("statut", label=gettext_lazy("HTTP status"), sort_key="statut"),
            Column("duree", label=gettext_lazy("Milliseconds"), sort_key="duree"),
            Column("tentatives", label=gettext_lazy("Tries"), sort_key="tentatives"),
            DateColumn("cree_le", label=gettext_lazy("Since"), sort_key="cree_le"),
        ]


@require_safe
@permission_required("rallynov_diffusion.view_livraison", raise_exception=True)
def message(request: HttpRequest, pk: int) -> HttpResponse:
    livraison = get_object_or_404(Livraison.objects.select_related("webhook"), pk=pk)
    context = {"livraison": livraison, "peut_agir": request.user.has_perm("rallynov_diffusion.change_webhook")}
    return render(request, "diffusion/admin/livraison.html", context)


@require_POST
@requires_change
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    livraison = get_object_or_404(Livraison.objects.select_related("webhook"), pk=pk)
    webhook_actions.send_again(livraison)
    messages.success(request, _("The message leaves again."))
    return redirect("webhooks_journal:message", pk)


class LivraisonViewSet(ModelViewSet):
    """The message log, read only."""

    model = Livraison
    menu_item_class = AdministratorsMenuItem
    name = "webhooks_journal"
    url_prefix = "webhooks/journal"
    icon = "history"
    menu_label = gettext_lazy("Webhook log")
    index_view_class = LivraisonIndexView
    filterset_class = LivraisonFilterSet
    form_fields = ["etat"]
    add_to_reference_index = False

    def register_admin_url_finder(self) -> None:
        """Registers none: a message has no edit view that the admin could link to."""

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        urls = {"add_url_name": None, "edit_url_name": None, "delete_url_name": None}
        return super().get_common_view_kwargs(**{**urls, **kwargs})

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", message, name="message"),
            path("<int:pk>/renvoyer/", send_again, name="renvoyer"),
        ]


class WebhookViewSetGroup(ViewSetGroup):
    items = (WebhookViewSet, LivraisonViewSet)
    menu_label = gettext_lazy("Webhooks")
    menu_icon = "link-external"
    add_to_settings_menu = True
