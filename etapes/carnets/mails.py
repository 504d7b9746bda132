"""The road books' three mails: confirmation, issue, test of an issue."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy

from etapes.carnets.carnet_subscriptions import token
from etapes.carnets.mail_composition import STOP
from etapes.carnets.models import Diffusion
from fiches.mail.outbox import admin_url
from fiches.mail.subscriptions import offer_one_click
from fiches.mail.wordings import Obsolete, Wording, register_letter

if TYPE_CHECKING:
    from fiches.models import Courriel


CONFIRM = Wording(
    gettext_lazy("Road books: confirm"),
    ("lien",),
    (),
)
ISSUE = Wording(
    gettext_lazy("Road books: an issue"),
    ("objet", "texte", "arret"),
    ("objet",),
)
TRIAL = Wording(gettext_lazy("Road books: a trial"), ("objet", "texte"), ("objet",))


def register() -> None:
    register_letter(
        "carnet_abonnement",
        CONFIRM,
        complete=lambda courriel: {"lien": settings_address(courriel.sujet)},
        language=_language,
    )
    register_letter("carnet", ISSUE, complete=_issue, finish=_finish_issue, language=_language)
    register_letter("carnet_essai", TRIAL, finish=_finish_trial)


def _language(courriel: "Courriel") -> str:
    """The language of the page where the subscription was requested."""
    return courriel.sujet.langue if courriel.sujet else ""


def settings_address(abonne: Any) -> str:
    return admin_url(reverse("abonnement", args=[token(abonne)]))


def stop_address(abonne: Any) -> str:
    return admin_url(reverse("abonnement_arret", args=[token(abonne)]))


def _issue(courriel: "Courriel") -> dict[str, str]:
    diffusion = Diffusion.objects.filter(pk=courriel.contexte["diffusion"]).first()
    if diffusion is None or courriel.sujet is None:
        raise Obsolete
    stop = stop_address(courriel.sujet)
    texte = diffusion.in_language(get_language())["texte"]
    return {"objet": diffusion.objet, "texte": texte.replace(STOP, stop), "arret": stop}


def _finish_issue(message: Any, courriel: Any) -> None:
    """Sets the issue's HTML with the subscriber's unsubscribe URL, and the one-click headers (RFC 8058)."""
    stop = stop_address(courriel.sujet)
    html = Diffusion.objects.get(pk=courriel.contexte["diffusion"]).in_language(get_language())["html"]
    message.alternatives.clear()
    message.attach_alternative(html.replace(STOP, stop), "text/html")
    offer_one_click(message, stop=stop, name="carnets")


def _finish_trial(message: Any, courriel: "Courriel") -> None:
    message.alternatives.clear()
    message.attach_alternative(courriel.contexte["html"], "text/html")
