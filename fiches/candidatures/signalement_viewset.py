"""The tips in the admin: list, forms, and the button that invites the organisation."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.model import ModelViewSet

from fiches.admin.columns import SECONDARY, FormColumn
from fiches.candidatures.enums import Suite
from fiches.candidatures.invitation import invite
from fiches.candidatures.models import Signalement
from fiches.candidatures.views.private_link import private_picture

FORM_FIELDS = ("organisation", "lieu", "innovation", "contact", "de", "suite")


class InviteColumn(FormColumn):
    """Shows the button that invites the organisation, if the tip is new and gives an address."""

    cell_template_name = "candidatures/admin/inviter.html"

    def get_value(self, instance: Signalement) -> bool:
        return instance.suite == Suite.NOUVEAU and bool(instance.contact)


@require_POST
@permission_required("rallynov_candidatures.change_signalement", raise_exception=True)
def invite_view(request: HttpRequest, pk: int) -> HttpResponse:
    tip = get_object_or_404(Signalement, pk=pk)
    try:
        if not tip.contact:
            raise ValidationError(gettext("First write the organisation’s e-mail."))
        invite(signalement=tip, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext("The organisation is invited: its dossier is begun."))
    return redirect("signalements:index")


@require_safe
@permission_required("rallynov_candidatures.view_signalement", raise_exception=True)
def photo_view(request: HttpRequest, pk: int) -> HttpResponseBase:
    tip = get_object_or_404(Signalement.objects.exclude(photo=""), pk=pk)
    return private_picture(tip.photo)


class SignalementViewSet(ModelViewSet):
    model = Signalement
    name = "signalements"
    url_prefix = "candidatures/signalements"
    icon = "view"
    menu_label = _("Tips")
    list_display = [
        "organisation",
        Column("lieu", label=_("Place"), sort_key="lieu", classname=SECONDARY),
        Column("innovation", label=_("Innovation"), accessor=lambda tip: tip.innovation[:120], classname=SECONDARY),
        Column("get_suite_display", label=_("Outcome"), sort_key="suite"),
        DateColumn("date", label=_("Date"), sort_key="date", classname=SECONDARY),
        InviteColumn("inviter", label=_("Invite")),
    ]
    list_filter = ["suite"]
    search_fields = ["organisation", "lieu", "innovation"]
    panels = [
        *map(FieldPanel, FORM_FIELDS),
        HelpPanel(template="candidatures/admin/photo_du_signalement.html", heading=_("Photo")),
    ]
    copy_view_enabled = False

    def get_urlpatterns(self) -> list[Any]:
        mine = [
            path("<int:pk>/inviter/", invite_view, name="inviter"),
            path("<int:pk>/photo/", photo_view, name="photo"),
        ]
        return [*super().get_urlpatterns(), *mine]
