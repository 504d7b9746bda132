"""The admin's screen of the étapes that are over without a report: a few lines are written there, or none is awaited any more."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.rich_text import RichText

from etapes.etape_dashboard import period_condition
from etapes.models import EtapePage
from fiches.admin.draft_revision import revise
from fiches.forms.primary_key import read_key

A_PAGE = 20


class ReportForm(forms.Form):
    texte = forms.CharField(
        label=gettext_lazy("Report, in a few lines"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write a few lines, or choose “No report”.")},
    )


def unreported(user: AbstractUser | AnonymousUser) -> QuerySet:
    """The étapes over without a report that ``user`` may change, the latest first."""
    pages = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "change")
    etapes = EtapePage.objects.filter(period_condition("sans-compte-rendu"), pk__in=pages.values("pk"))
    return etapes.select_related("commune").defer("programme").order_by("-termine_le", "pk")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return _screen(request)


@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds the lines to the report of an étape, or stops waiting for one. What is typed for the others is shown again."""
    etape = get_object_or_404(EtapePage, pk=pk)
    permissions = etape.permissions_for_user(request.user)
    if not permissions.can_edit():
        raise PermissionDenied
    dismissed = request.POST.get("action") == "ecarter"
    form = ReportForm(request.POST, prefix=str(pk))
    is_written = not form.has_error("texte", "required")
    if refusal := _refusal(request, etape, form):
        form.add_error("texte", refusal)
        return _screen(request, bound=_typed(request) | {pk: form}, also=etape, status=409)
    if not unreported(request.user).filter(pk=pk).exists():
        return redirect("etapes_comptes_rendus")  # sent twice
    if dismissed and is_written:
        form.add_error("texte", _("You wrote a report: save it, or empty the box before you choose “No report”."))
    if form.errors and (is_written or not dismissed):
        return _screen(request, bound=_typed(request) | {pk: form}, status=422)

    def change(draft: EtapePage) -> None:
        if dismissed:
            draft.compte_rendu_ecarte = True
        else:
            draft.compte_rendu.append(("texte", RichText(linebreaks(form.cleaned_data["texte"], autoescape=True))))

    _save(
        request,
        etape,
        change,
        goes_online=etape.live and not etape.has_unpublished_changes and permissions.can_publish(),
    )
    typed = {key: others for key, others in _typed(request).items() if key != pk}
    return _screen(request, bound=typed) if typed else redirect("etapes_comptes_rendus")


def _refusal(request: HttpRequest, etape: EtapePage, form: ReportForm) -> str:
    """Why nothing can be written on this étape now; "" if it can be, or if this very text was written already."""
    if etape.permissions_for_user(request.user).page_locked():
        return _("This étape is in review or locked: its report can’t be written now. Nothing is saved.")
    is_awaited = unreported(request.user).filter(pk=etape.pk).exists()
    text = form.cleaned_data.get("texte", "")
    if (
        is_awaited
        or not text
        or linebreaks(text, autoescape=True) in str(etape.get_latest_revision_as_object().compte_rendu)
    ):
        return ""
    return _(
        "Somebody wrote this report meanwhile, or chose “No report”. Your text is not saved: copy it into the form of the étape."
    )


def _typed(request: HttpRequest) -> dict[int, ReportForm]:
    """``{key of an étape: form}`` with each text that was sent, unchecked."""
    sent = {
        name.removesuffix("-texte"): text for name, text in request.POST.items() if text and name.endswith("-texte")
    }
    forms = {read_key(key): ReportForm(initial={"texte": text}, prefix=key) for key, text in sent.items()}
    return {key: form for key, form in forms.items() if key is not None}


def _save(request: Any, etape: EtapePage, change: Any, *, goes_online: bool) -> None:
    """Saves the change as a draft, and publishes it where it is the only one."""
    revision = revise(etape, by=request.user, change=change)
    if goes_online:
        revision.publish(user=request.user)
        messages.success(request, _("“%(title)s” is up to date.") % {"title": etape.title})
    else:
        text = _("“%(title)s”: it is kept in the draft of the étape. Publish it from its form.")
        messages.warning(request, text % {"title": etape.draft_title})


def _screen(
    request: HttpRequest,
    *,
    bound: dict[int, ReportForm] | None = None,
    also: EtapePage | None = None,
    status: int = 200,
) -> HttpResponse:
    """The screen. ``bound``: what was typed, by étape; ``also``: an étape to show though it may have left the list."""
    page = Paginator(unreported(request.user), A_PAGE).get_page(request.GET.get("p"))
    shown = [*([also] if also and also not in page.object_list else []), *page]
    rows = [(etape, (bound or {}).get(etape.pk) or ReportForm(prefix=str(etape.pk))) for etape in shown]
    context = {
        "page_obj": page,
        "rows": rows,
        "is_typed": bool(bound),
        "breadcrumbs_items": [{"url": "", "label": _("Étapes without a report")}],
    }
    return render(request, "etapes/admin/comptes_rendus.html", context, status=status)
