"""Admin views of the webhooks: list, form, test, and the log of their messages."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from fiches.diffusion import webhooks
from fiches.diffusion.models import Livraison, Webhook


class WebhookCreateView(CreateView):
    """Shows the secret once, in the response to the creation."""

    def save_instance(self) -> Webhook:
        webhook = self.form.save(commit=False)
        webhook.sel = secrets.token_hex()
        webhooks.follow(webhook)
        log(instance=webhook, action="wagtail.create", user=self.request.user)
        return webhook

    def save_action(self) -> HttpResponse:
        secret = webhooks.encode_secret(webhooks.secret_of(self.object.sel, settings.SECRET_KEY))
        response = render(self.request, "diffusion/admin/secret.html", {"webhook": self.object, "secret": secret})
        response["Cache-Control"] = "no-store"
        return response


class WebhookEditView(EditView):
    """The edit view. A webhook that is made active again receives the changes that it missed."""

    template_name = "diffusion/admin/webhook.html"

    def save_instance(self) -> Webhook:
        self.form.instance.motif, self.form.instance.echecs = "", 0
        transaction.on_commit(webhooks.work, robust=True)
        return super().save_instance()


@require_POST
@permission_required("rallynov_diffusion.change_webhook", raise_exception=True)
def send_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends a test message, even while the webhook is paused."""
    webhooks.send(Livraison.objects.create(webhook=get_object_or_404(Webhook, pk=pk), evenement=webhooks.TEST))
    messages.success(request, _("The test is on its way: its answer will be below."))
    return redirect(f"{reverse('webhooks_journal:index')}?webhook={pk}")


class AdministratorsMenuItem(MenuItem):
    """Shown to administrators. The communication staff reach a webhook from their home page, when there is something to do."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.is_superuser


class WebhookIndexView(IndexView):
    columns = [
        TitleColumn("nom", label=gettext_lazy("Name"), url_name="webhooks:edit", sort_key="nom"),
        Column("adresse", label=gettext_lazy("Address")),
        Column("etat", label=gettext_lazy("State"), accessor=lambda each: _("active") if each.actif else _("paused")),
        Column("motif", label=gettext_lazy("why it is paused")),
        Column("echecs", label=gettext_lazy("Failures in a row"), sort_key="echecs"),
    ]


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
        return [*super().get_urlpatterns(), path("tester/<int:pk>/", send_test, name="tester")]


class LivraisonFilterSet(WagtailFilterSet):
    class Meta:
        model = Livraison
        fields = ["webhook", "etat", "evenement"]


class LivraisonIndexView(IndexView):
    default_ordering = ["-pk"]
    columns = [
        Column("evenement", label=gettext_lazy("Event")),
        Column("webhook", label=gettext_lazy("Webhook")),
        Column("slug", label=gettext_lazy("Page")),
        Column("get_etat_display", label=gettext_lazy("State"), sort_key="etat"),
        Column("statut", label=gettext_lazy("HTTP status"), sort_key="statut"),
        Column("erreur", label=gettext_lazy("Error")),
        Column("tentatives", label=gettext_lazy("Tries"), sort_key="tentatives"),
        DateColumn("cree_le", label=gettext_lazy("Since"), sort_key="cree_le"),
    ]

    def get_base_queryset(self) -> Any:
        return Livraison.objects.select_related("webhook")


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
        ]


class WebhookViewSetGroup(ViewSetGroup):
    items = (WebhookViewSet, LivraisonViewSet)
    menu_label = gettext_lazy("Webhooks")
    menu_icon = "link-external"
    add_to_settings_menu = True
