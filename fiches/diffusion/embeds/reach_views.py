"""Admin views of the reach of the embeds: overall, for one partner's sites, for a funder; as a page and as CSV."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.widgets import AdminDateInput

from fiches.diffusion.embeds.bar_chart import Chart
from fiches.diffusion.embeds.reach_report import Period, ReachReport, embed_in_words
from fiches.diffusion.opendata.exports import Echo
from fiches.models import Partenaire
from fiches.models.partenaire import Role
from fiches.spreadsheet_cells import escape_formula

PERMISSION = "rallynov_diffusion.view_chargement"
DEFAULT_PERIOD = timedelta(days=89)
LONGEST_PERIOD = timedelta(days=3 * 366)


class PeriodForm(forms.Form):
    """First and last day of the report; the last ninety days by default, or if the dates are invalid."""

    du = forms.DateField(label=gettext_lazy("First day"), required=False, widget=AdminDateInput)
    au = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=AdminDateInput)

    def clean(self) -> Any:
        cleaned = super().clean()
        start, end = cleaned.get("du"), cleaned.get("au") or timezone.localdate()
        if start and start > end:
            self.add_error("du", _("The period ends before it begins."))
        elif start and end - start > LONGEST_PERIOD:
            self.add_error("du", _("At most three years: nothing older is kept."))
        return cleaned

    @property
    def period(self) -> Period:
        known = self.cleaned_data if self.is_valid() else {}
        end = known.get("au") or timezone.localdate()
        return Period(known.get("du") or end - DEFAULT_PERIOD, end)


def may_see_all(user: Any) -> bool:
    return user.has_perm(PERMISSION)


def may_see(user: Any, partenaire: Partenaire) -> bool:
    return may_see_all(user) or partenaire.membres.filter(pk=user.pk).exists()


def may_see_something(user: Any) -> bool:
    """Returns whether the user may see the overall report, or that of a partner of whom they are a member."""
    return may_see_all(user) or user.partenaires.exists()


@require_safe
def everything(request: Any) -> HttpResponseBase:
    """Shows the overall report to staff; redirects a member of one partner to its report, of several to a choice."""
    if may_see_all(request.user):
        funders = [partner for partner in Partenaire.objects.all() if Role.FINANCEUR in partner.roles]
        return _render_report(request, _("Reach of the embeds"), financeurs=funders)
    own = list(request.user.partenaires.all())
    if not own:
        raise PermissionDenied
    if len(own) == 1:
        return redirect("portee_partenaire", own[0].slug)
    return render(request, "diffusion/admin/portee_choix.html", {"partenaires": own})


@require_safe
def of_partner(request: HttpRequest, slug: str) -> Any:
    partenaire = get_object_or_404(Partenaire, slug=slug)
    if not may_see(request.user, partenaire):
        raise PermissionDenied
    return _render_report(request, _("Reach of the embeds"), partenaire=partenaire)


@require_safe
def for_funder(request: HttpRequest, slug: str) -> Any:
    """Shows the overall report with the fiches of a funder, to print or download as CSV."""
    financeur = get_object_or_404(Partenaire, slug=slug)
    if not may_see(request.user, financeur):
        raise PermissionDenied
    return _render_report(request, _("Report for a funder"), financeur=financeur)


def _render_report(
    request: HttpRequest,
    title: str,
    *,
    partenaire: Partenaire | None = None,
    financeur: Partenaire | None = None,
    financeurs: list[Partenaire] | tuple[Any, ...] = (),
) -> HttpResponseBase:
    form = PeriodForm(request.GET)
    report = ReachReport(form.period, partenaire=partenaire)
    if request.GET.get("format") == "csv":
        return as_csv(report)
    context = {
        "titre": title,
        "form": form,
        "rapport": report,
        "graphique": Chart(report.colonnes),
        "partenaire": partenaire,
        "financeur": financeur,
        "financeurs": financeurs,
        "fiches": report.fiches_of(financeur) if financeur else (),
        "periode": f"du={report.period.du.isoformat()}&au={report.period.au.isoformat()}",
    }
    return render(request, "diffusion/admin/portee.html", context)


def as_csv(report: ReachReport) -> HttpResponseBase:
    writer = csv.writer(Echo())
    names = ["jour", "site", "partenaire", "integration", "question", "en_clair", "chargements"]

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(names)
        for day, host, partner, nature, question, number in report.lines():
            words = embed_in_words(nature, question)
            texts = [escape_formula(text) for text in (host, partner, nature, question, words)]
            yield writer.writerow([day.isoformat(), *texts, number])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8; header=present")
    name = f"portee-{report.period.du.isoformat()}-{report.period.au.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
