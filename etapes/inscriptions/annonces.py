"""Mails from the organisers to registered people. Each person gets an announcement once."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from etapes.inscriptions.date_and_place import when, where
from etapes.inscriptions.registration_transitions import queue_mail
from etapes.models import Annonce
from fiches.mail.wordings import PLACEHOLDER, fill

if TYPE_CHECKING:
    from etapes.models import EtapePage


PLACES = ("nom", "etape", "quand", "lieu")


class AnnonceForm(forms.ModelForm):
    """Text and audience of an announcement. Placeholders in braces (``PLACES``) are filled in for each person."""

    class Meta:
        model = Annonce
        fields = ["public", "objet", "texte"]
        widgets = {"texte": forms.Textarea(attrs={"rows": 12}), "public": forms.RadioSelect}

    cle = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> Any:
        cleaned: Any = super().clean()
        for name in ("objet", "texte"):
            unknown = sorted(set(PLACEHOLDER.findall(cleaned.get(name, ""))) - set(PLACES))
            if unknown:
                message = _("Nothing fills {%(place)s} in this mail. Known: %(known)s.")
                known = ", ".join(f"{{{place}}}" for place in PLACES)
                self.add_error(name, message % {"place": unknown[0], "known": known})
        if any(mark in cleaned.get("objet", "") for mark in "\r\n"):
            self.add_error("objet", _("A subject is one line."))
        return cleaned


def audience(etape: "EtapePage", public: str) -> QuerySet:
    """The registrations that an announcement is sent to: active and with an e-mail address."""
    active = etape.inscrits.active().exclude(courriel="")
    if public == Annonce.Public.TOUS:
        return active
    return active.filter(etat="confirmee" if public == Annonce.Public.CONFIRMEES else "attente")


def fill_for(annonce: Annonce, *, nom: str) -> dict[str, str]:
    """Returns ``{"objet", "texte"}`` with the placeholders filled in for the person named ``nom``."""
    etape = annonce.etape
    places = {"nom": nom, "etape": etape.title, "quand": when(etape), "lieu": where(etape)}
    return {"objet": fill(annonce.objet, places), "texte": fill(annonce.texte, places)}


@transaction.atomic
def send(*, annonce: Annonce, by: Any) -> bool:
    """Saves the announcement and queues its mail to each person. Does nothing if one with the same ``cle`` exists.

    :returns: whether it was sent.
    """
    people = list(audience(annonce.etape, annonce.public))
    written = {name: getattr(annonce, name) for name in ("etape", "public", "objet", "texte")}
    written |= {"par": by, "destinataires": len(people)}
    stored, created = Annonce.objects.get_or_create(cle=annonce.cle, defaults=written)
    for inscription in people if created else ():
        queue_mail(inscription, "inscription_annonce", fact=stored.cle.hex, annonce=stored.pk)
    return created
