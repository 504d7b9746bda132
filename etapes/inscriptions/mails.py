"""Mails to registered people, with the secret links in them: wordings, context built at the time of sending, calendar and QR code attachments."""

from email.mime.image import MIMEImage
from io import BytesIO
from typing import TYPE_CHECKING, Any

import segno
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from etapes import ical
from etapes.enums import EtatInscription
from etapes.inscriptions.annonces import fill_for
from etapes.inscriptions.date_and_place import when, where
from etapes.models import Annonce, EtapePage, Inscription
from etapes.translation_sync import translation_in
from fiches import content_language
from fiches.mail.outbox import admin_url
from fiches.mail.subscriptions import Secrets
from fiches.mail.wordings import Obsolete, Wording, fill, fill_text, register_letter, wording

if TYPE_CHECKING:
    from fiches.models import Courriel


PLACES = ("nom", "etape", "quand", "lieu", "adresse", "lien", "jours")
SUBJECT = ("etape",)
TICKET = "billet"
ANNOUNCEMENT = "inscription_annonce"
CALLED_OFF, CHANGED = CHANGES = ("inscription_etape_annulee", "inscription_etape_changee")


_secrets = Secrets("etapes.inscription")


def link_to(inscription: Inscription) -> str:
    """The secret URL of the registration, for a person without an account."""
    return admin_url(reverse("inscription", args=[_secrets.of(inscription.cle)]))


def inscription_of(secret: str) -> Inscription | None:
    """The registration that ``secret`` gives access to, or None."""
    inscriptions = Inscription.objects.select_related("etape__commune")
    return inscriptions.filter(cle=key).first() if (key := _secrets.key(secret)) else None


def door_address(inscription: Inscription) -> str:
    """The URL in the QR code: the check-in page, for organisers only."""
    return admin_url(reverse("etapes_arrivee", args=[inscription.cle]))


def letter(title: Any, *, more: tuple[str, ...] = ()) -> Wording:
    """A ``Wording`` with the common placeholders and ``more``. The subject may only contain the étape's title."""
    return Wording(title, (*PLACES, *more), SUBJECT)


WORDINGS = {
    "inscription_confirmee": letter(
        gettext_lazy("Étape: a place"),
    ),
    "inscription_attente": letter(
        gettext_lazy("Étape: the waiting list"),
    ),
    "inscription_place": letter(
        gettext_lazy("Étape: moved up from the waiting list"),
    ),
    "inscription_annulee": letter(
        gettext_lazy("Étape: registration cancelled"),
    ),
    "inscription_rappel": letter(
        gettext_lazy("Étape: reminder of the day before"),
        more=("acces",),
    ),
    "inscription_etape_annulee": letter(
        gettext_lazy("Étape: it is cancelled"),
        more=("motif",),
    ),
    "inscription_etape_changee": letter(
        gettext_lazy("Étape: the day, the hours or the place changed"),
        more=("motif", "suite"),
    ),
    ANNOUNCEMENT: Wording(
        gettext_lazy("Étape: a mail from the organisers"),
        (*PLACES, "objet", "texte"),
        (*SUBJECT, "objet"),
    ),
}
WITH_TICKET = {"inscription_confirmee", "inscription_place", "inscription_rappel"}
OF_A_CHANGE = {"inscription_etape_annulee", "inscription_etape_changee"}


def register_letters() -> None:
    """Registers the mails to registered people. Called from ``AppConfig.ready()``."""
    for name, words in WORDINGS.items():
        register_letter(name, words, complete=complete, finish=finish, language=language_of)


def language_of(courriel: "Courriel") -> str:
    """The language of the page where the person registered, or typed a known address again."""
    return courriel.contexte.get("langue") or (courriel.sujet.langue if courriel.sujet else "")


def complete(courriel: "Courriel") -> dict[str, Any]:
    """The placeholders' values, read when the mail is sent, so that they are up to date.

    :raises Obsolete: it tells of a change to a person who cancelled since.
    """
    inscription: Any = courriel.sujet
    if courriel.modele in CHANGES and inscription.etat == EtatInscription.ANNULEE:
        raise Obsolete
    reason = courriel.contexte.get("motif")
    return {
        **_announcement(courriel, inscription),
        **_facts(inscription),
        "lien": link_to(inscription),
        "motif": _("The organisers write: %(reason)s") % {"reason": reason} if reason else "",
    }


def _announcement(courriel: "Courriel", inscription: "Inscription | None") -> dict[str, str]:
    if courriel.modele != ANNOUNCEMENT:
        return {}
    return _fill_announcement(Annonce.objects.get(pk=courriel.contexte["annonce"]), inscription)


def _facts(inscription: Any) -> dict[str, Any]:
    etape = translation_in(get_language(), inscription.etape)
    return {
        "nom": inscription.nom,
        "etape": etape.title,
        "quand": when(etape),
        "lieu": where(etape),
        "adresse": public_address(etape),
        "jours": etape.conservation,
        "acces": etape.acces,
        "suite": registration_after_change(inscription),
    }


def public_address(etape: EtapePage) -> str:
    """Returns the address of the étape's page; "" while the public can't read it, so that no mail leads to an error page."""
    return etape.full_url or "" if EtapePage.objects.visible().filter(pk=etape.pk).exists() else ""


def _fill_announcement(annonce: Annonce, inscription: Any) -> dict[str, str]:
    with override(content_language.default_language()):  # dates within the text are in the language of its author
        return fill_for(annonce, nom=inscription.nom)


def preview(annonce: Annonce, *, to: Any) -> dict[str, str]:
    """Returns ``{"objet", "texte"}`` as the person gets it, without the secret link, which is theirs."""
    with override(to.langue if to.langue in content_language.languages() else content_language.default_language()):
        places = {**_fill_announcement(annonce, to), **_facts(to), "lien": _("(their own link)")}
        objet, texte = wording(ANNOUNCEMENT)
        return {"objet": fill(objet, places), "texte": fill_text(texte, places)}


def answers_to(etape: EtapePage) -> list[Any]:
    """Addresses for ``Reply-To``: the organisers' contacts that may be shown."""
    links = etape.organisations.filter(contact_public=True).exclude(contact_courriel="")
    return list(dict.fromkeys(links.values_list("contact_courriel", flat=True)))


def registration_after_change(inscription: Inscription) -> str:
    """A sentence on the registration after the étape changed. (Only a confirmed person gets the calendar file.)"""
    if inscription.etape.attend_sa_date:
        return _("Your registration stays: a mail will give you the new date.")
    if inscription.confirmee:
        return _("Your registration stays. The calendar file is attached: it takes the place of the first.")
    return _("Your registration stays: you are still on the waiting list.")


def finish(message: Any, courriel: Any) -> None:
    """Sets ``Reply-To`` and attaches the calendar file and the QR code, before the mail is sent."""
    inscription = courriel.sujet
    message.reply_to = answers_to(inscription.etape)
    etape = translation_in(get_language(), inscription.etape)
    linked = bool(public_address(etape))
    if courriel.modele in WITH_TICKET | OF_A_CHANGE and inscription.confirmee and etape.date:
        calendar = ical.calendar([etape], name=etape.title, linked=linked)
        if not etape.a_lieu:
            ical.cancel(calendar)
        _attach_calendar(message, etape, calendar)
    if courriel.modele in WITH_TICKET and inscription.confirmee:
        _attach_ticket(message, inscription)


def _attach_calendar(message: Any, etape: EtapePage, calendar: Any) -> None:
    kind = f"text/calendar; charset=utf-8; method={calendar['method']}"
    message.attach(f"{etape.slug}.ics", calendar.to_ical(), kind)


def _attach_ticket(message: Any, inscription: Inscription) -> None:
    """Adds an HTML version that shows the QR code, and the code as an attached image."""
    html = render_to_string(
        "courriels/billet.html",
        {"objet": message.subject, "texte": message.body, "inscription": inscription, "langue": get_language()},
    )
    message.alternatives.clear()
    message.attach_alternative(html, "text/html")
    image = MIMEImage(qr_png(door_address(inscription)))
    image.add_header("Content-ID", f"<{TICKET}>")
    image.add_header("Content-Disposition", "inline", filename=f"{TICKET}.png")
    message.attach(image)


def qr_png(text: str) -> bytes:
    drawing = BytesIO()
    segno.make(text, error="m").save(drawing, kind="png", scale=6, border=3)
    return drawing.getvalue()
