"""The screens that confirm an act which takes a decision on a fiche back, and the acts: see `fiches.moderation.inverse_acts`."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from fiches.admin.innovation import editable_fiche
from fiches.models import FichePage
from fiches.moderation.decision import DecisionRefused
from fiches.moderation.inverse_acts import may_put_back_online, may_resume_review, put_back_online, resume_review
from fiches.moderation.views import show_refusal


class Act(NamedTuple):
    """An act that takes a decision back. Attributes: run; may (whether a user may do it now); title, effects, button, done (texts)."""

    run: Callable[..., None]
    may: Callable[[FichePage, AbstractUser], bool]
    title: Any
    effects: list[Any]
    button: Any
    done: Any


ACTS = {
    "reprendre": Act(
        resume_review,
        may_resume_review,
        _("Take the last decision back?"),
        [
            _("The fiche goes back to where it waited before this decision. It is not online yet."),
            _("A mail of this decision that has not left does not leave. Those who may decide now get one."),
        ],
        _("Take the last decision back"),
        _("The decision is taken back: the fiche waits for it again."),
    ),
    "en-ligne": Act(
        put_back_online,
        may_put_back_online,
        _("Put this fiche back online?"),
        [
            _("The version that was online is back at once, as it was: site, map, partners, feeds."),
            _("Not a word changed since: it needs no review. If a company sent it, a mail tells it ten minutes after."),
        ],
        _("Put it back online"),
        _("The fiche is back online, as it was."),
    ),
}


class TakeBackView(WagtailAdminTemplateMixin, View):
    """Asks to confirm an act of :data:`ACTS` on a fiche that the user may edit; a POST request does it."""

    template_name = "fiches/admin/reprendre.html"
    header_icon = "undo"
    breadcrumbs_items: list[Any] = []
    request: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["verbe"] not in ACTS:
            raise Http404
        self.act, self.fiche = ACTS[kwargs["verbe"]], editable_fiche(request.user, kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.act.may(self.fiche, self.request.user):
            messages.warning(request, _("There is nothing to take back: this fiche changed since, or waits already."))
            return redirect("fiches_innovation", self.fiche.pk)
        return self.render_to_response(self.get_context_data(acte=self.act, fiche=self.fiche))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.act.run(fiche=self.fiche, by=request.user)
        except DecisionRefused as refusal:
            show_refusal(request, refusal)
        else:
            messages.success(request, self.act.done)
        return redirect("fiches_innovation", self.fiche.pk)

    def get_page_title(self) -> str:
        return self.act.title

    def get_page_subtitle(self) -> str:
        return self.fiche.draft_title


urlpatterns = [path("innovations/<int:pk>/<slug:verbe>/", TakeBackView.as_view(), name="fiches_reprendre")]
