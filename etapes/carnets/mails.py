"""The subscription to the road books, and their two mails: an issue, and its trial."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from etapes.carnets.carnet_sending import NATURE
from etapes.carnets.mail_composition import STOP
from etapes.carnets.models import CarnetIndexPage, Diffusion
from fiches.mail import subscriptions
from fiches.mail.wordings import Obsolete, Wording, register_letter

if TYPE_CHECKING:
    from fiches.models import Courriel


class RoadBooks(subscriptions.Kind):
    nature = NATURE
    title = gettext_lazy("Get the road books by mail")
    intro = gettext_lazy("Each issue, the day it comes out. No account, no password; one click stops it.")
    purpose = gettext_lazy("to send you the road books")

    def phrase(self, question: str) -> str:
        return _("The road books")


ISSUE = Wording(
    gettext_lazy("Road books: an issue"),
    ("objet", "texte", "arret"),
    ("objet",),
)
TRIAL = Wording(gettext_lazy("Road books: a trial"), ("objet", "texte"), ("objet",))


def register() -> None:
    subscriptions.register_kind(RoadBooks(), CarnetIndexPage, "abonnement")
    register_letter("carnet", ISSUE, complete=_issue, finish=_finish_issue, language=subscriptions.language)
    register_letter("carnet_essai", TRIAL, finish=_finish_trial)


def _issue(courriel: "Courriel") -> dict[str, str]:
    diffusion = Diffusion.objects.filter(pk=courriel.contexte["diffusion"]).first()
    if diffusion is None or courriel.sujet is None:
        raise Obsolete
    stop = subscriptions.stop_address(courriel.sujet)
    texte = diffusion.in_language(get_language())["texte"]
    return {"objet": diffusion.objet, "texte": texte.replace(STOP, stop), "arret": stop}


def _finish_issue(message: Any, courriel: Any) -> None:
    """Sets the issue's HTML with the subscriber's unsubscribe URL, and the one-click headers (RFC 8058)."""
    stop = subscriptions.stop_address(courriel.sujet)
    html = Diffusion.objects.get(pk=courriel.contexte["diffusion"]).in_language(get_language())["html"]
    message.alternatives.clear()
    message.attach_alternative(html.replace(STOP, stop), "text/html")
    subscriptions.offer_one_click(message, courriel.sujet, name="carnets")


def _finish_trial(message: Any, courriel: "Courriel") -> None:
    message.alternatives.clear()
    message.attach_alternative(courriel.contexte["html"], "text/html")
