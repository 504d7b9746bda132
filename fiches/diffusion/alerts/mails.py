"""The two mails of the alerts: the confirmation link, and the new fiches."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from fiches.diffusion.alerts import announcements
from fiches.diffusion.alerts.suivis import language, phrase, token
from fiches.mail.outbox import admin_url
from fiches.mail.subscriptions import offer_one_click
from fiches.mail.wordings import Obsolete, Wording, register_letter

if TYPE_CHECKING:
    from fiches.models import Courriel, FichePage


# Fiches listed in one mail; the rest are only counted.
MAX_LISTED = 50


def register_letters() -> None:
    """Registers both mails; called from ``AppConfig.ready()``."""
    register_letter(
        "suivi",
        Wording(
            gettext_lazy("Alerts: confirm"),
            ("phrase", "lien"),
            (),
        ),
        complete=lambda courriel: {"phrase": phrase(courriel.sujet), "lien": settings_address(courriel.sujet)},
        language=_language,
    )
    register_letter(
        "alerte",
        Wording(
            gettext_lazy("Alerts: what is new"),
            ("nouvelles", "phrase", "liste", "lien", "arret"),
            ("nouvelles",),
        ),
        complete=_what_is_new,
        finish=_one_click,
        language=_language,
    )


def _language(courriel: "Courriel") -> str:
    return language(courriel.sujet) if courriel.sujet else ""


def settings_address(suivi: Any) -> str:
    """Returns the absolute address where the alert is confirmed or changed."""
    return admin_url(reverse("suivi", args=[token(suivi)]))


def stop_address(suivi: Any) -> str:
    """Returns the absolute address where the alert is stopped."""
    return admin_url(reverse("suivi_arret", args=[token(suivi)]))


def _what_is_new(courriel: "Courriel") -> dict[str, str]:
    suivi = courriel.sujet
    fiches = announcements.still_visible(suivi, courriel.contexte["fiches"])
    if not fiches:
        raise Obsolete
    number = len(fiches)
    return {
        "nouvelles": ngettext("%(number)s new innovation", "%(number)s new innovations", number) % {"number": number},
        "phrase": phrase(suivi),
        "liste": "\n\n".join([line_of(fiche) for fiche in fiches[:MAX_LISTED]] + _others(number - MAX_LISTED)),
        "lien": settings_address(suivi),
        "arret": stop_address(suivi),
    }


def line_of(fiche: "FichePage") -> str:
    """Returns a fiche in plain text, for a mail: title, organisation with commune, address."""
    place = f" ({fiche.commune.nom})" if fiche.commune else ""
    return f"{fiche.title}\n{fiche.organisation}{place}\n{fiche.full_url}"


def _others(number: int) -> list[Any]:
    text = ngettext("And %(number)s more, in the list.", "And %(number)s more, in the list.", number)
    return [text % {"number": number}] if number > 0 else []


def _one_click(message: Any, courriel: "Courriel") -> None:
    offer_one_click(message, stop=stop_address(courriel.sujet), name="alertes")
