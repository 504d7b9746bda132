"""Public views of the alerts: the form, the settings page that mails link to, and the stop page."""

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fiches.diffusion.alerts import suivis
from fiches.diffusion.models import Rythme
from fiches.forms import throttle
from fiches.forms.privacy_notice import PrivacyNotice
from fiches.forms.public_form import CourrielField, PublicForm, SiteForm
from fiches.mail.subscriptions import CONFIRM_WITHIN, by_secret
from fiches.query.fiche_filter import FicheFilter
from fiches.query.summary import followed

if TYPE_CHECKING:
    from fiches.diffusion.models import Suivi
    from fiches.models import FicheIndexPage


# Alerts that one address may ask for in an hour; beyond, no mail is sent, and the page answers the same.
PER_ADDRESS = 10
NOTICE = PrivacyNotice(
    purpose=_("to send you this alert"),
    kept_for=format_lazy(
        _(
            "until you stop the alert, three years at most: then the address and its mails are deleted; {days} days without your confirmation"
        ),
        days=CONFIRM_WITHIN.days,
    ),
    recipients=_("nobody"),
    legal_basis=_("your consent (article 6.1.a of the GDPR), withdrawn with one click at the foot of each mail"),
)


class SuiviForm(PublicForm):
    courriel = CourrielField(
        label=_("Your e-mail"), help_text=_("For this alert only; forgotten as soon as you stop it.")
    )
    rythme = forms.ChoiceField(label=_("Tell me"), choices=Rythme.choices, widget=forms.RadioSelect)


class RythmeForm(SiteForm):
    rythme = forms.ChoiceField(label=_("Tell me"), choices=Rythme.choices, widget=forms.RadioSelect)


def follow(index_page: "FicheIndexPage", request: HttpRequest) -> HttpResponse:
    """Shows the form that follows the query in the address; a valid POST asks for the alert."""
    return _follow(request, index_page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _follow(request: HttpRequest, index_page: "FicheIndexPage") -> HttpResponse:
    fiche_filter = FicheFilter.parse(request.GET)
    form = SuiviForm.for_request(request, what="suivi", initial={"rythme": Rythme.SEMAINE})

    def ask(cleaned: dict[str, str]) -> None:
        courriel, question = cleaned["courriel"].strip().lower(), suivis.question_of(fiche_filter)
        if throttle.count(request, "suivi-adresse", who=courriel) <= PER_ADDRESS:
            suivis.ask(courriel=courriel, question=question, rythme=cleaned["rythme"])

    if answer := form.answer(request, ask, then=f"{index_page.url}suivre/envoye/"):
        return answer
    context = {
        "form": form,
        "phrase": followed(fiche_filter),
        "question": suivis.question_of(fiche_filter),
        "recherche": fiche_filter,
        "page": index_page,
        "notice": NOTICE,
    }
    return render(request, "diffusion/suivre.html", context)


def sent(index_page: "FicheIndexPage", request: HttpRequest) -> HttpResponse:
    """Confirms that the form was sent, with the same text whether or not the alert existed."""
    return _sent(request, index_page)


@never_cache
@require_safe
def _sent(request: HttpRequest, index_page: "FicheIndexPage") -> HttpResponse:
    return render(request, "diffusion/suivi_envoye.html", {"page": index_page})


with_suivi = by_secret(suivis.suivi_of)


@with_suivi
def settings(request: HttpRequest, suivi: "Suivi | None", jeton: str) -> HttpResponse:
    """Shows an alert; only a POST confirms or changes it, since mail scanners open links."""
    if suivi is None:
        return render(request, "diffusion/suivi_inconnu.html", status=404)
    was_confirmed = bool(suivi.confirme_le)
    form = RythmeForm(request.POST or None, initial={"rythme": suivi.rythme})
    done = request.method == "POST" and form.is_valid()
    if done:
        suivis.change(suivi=suivi, rythme=form.cleaned_data["rythme"])
        suivis.confirm(suivi=suivi)
        suivi.refresh_from_db()
    context = {
        "form": form,
        "suivi": suivi,
        "jeton": jeton,
        "phrase": suivis.phrase(suivi),
        "liste": suivis.list_address(suivi),
        "confirme": done and not was_confirmed,
        "change": done and was_confirmed,
        "notice": NOTICE,
    }
    return render(request, "diffusion/suivi.html", context)


@with_suivi
def stop(request: HttpRequest, suivi: "Suivi | None", jeton: str) -> HttpResponse:
    """POST stops the alert, and may be repeated (RFC 8058: mail programs send it without a page); GET shows a button."""
    if request.method == "POST":
        if suivi:
            suivis.stop(suivi=suivi)
        return render(request, "diffusion/suivi_arrete.html")
    if suivi is None:
        return render(request, "diffusion/suivi_inconnu.html", status=404)
    return render(request, "diffusion/suivi_arreter.html", {"phrase": suivis.phrase(suivi), "jeton": jeton})
