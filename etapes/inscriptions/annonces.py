"""Mails from the organisers to registered people. Each person gets an announcement once."""

import datetime
from hashlib import blake2s
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from etapes.inscriptions.date_and_place import when, where
from etapes.inscriptions.registration_transitions import queue_mail
from etapes.models import Annonce
from fiches.mail.wordings import PLACEHOLDER, fill
from fiches.upkeep.periodic import for_each

if TYPE_CHECKING:
    from etapes.models import EtapePage


PLACES = ("nom", "etape", "quand", "lieu")
# After this time, an announcement that no worker has distributed is distributed again.
LOST = datetime.timedelta(minutes=5)

MODELES = {
    "pratique": (
        gettext_lazy("Practical information: {etape}"),
        gettext_lazy("We expect you on {quand}, {lieu}.\n\nHow to come:\n\nWhat to bring:"),
    ),
    "programme": (
        gettext_lazy("The programme: {etape}"),
        gettext_lazy("The programme of the étape is complete. You find it on its page.\n\nWhat changed:"),
    ),
    "merci": (
        gettext_lazy("Thank you: {etape}"),
        gettext_lazy("Thank you for coming. The report and the documents are on the page of the étape."),
    ),
}


class ModeleForm(forms.Form):
    """Chooses one of the prepared texts (``MODELES``)."""

    modele = forms.ChoiceField(choices=[(name, name) for name in MODELES])


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


def fingerprint(annonce: Annonce) -> str:
    """A fingerprint of the audience and the words of an announcement."""
    words = "\n".join([annonce.public, annonce.objet, annonce.texte])
    return blake2s(words.encode(), digest_size=8).hexdigest()


def fill_for(annonce: Annonce, *, nom: str) -> dict[str, str]:
    """Returns ``{"objet", "texte"}`` with the placeholders filled in for the person named ``nom``."""
    etape = annonce.etape
    places = {"nom": nom, "etape": etape.title, "quand": when(etape), "lieu": where(etape)}
    return {"objet": fill(annonce.objet, places), "texte": fill(annonce.texte, places)}


@transaction.atomic
def send(*, annonce: Any, by: Any) -> tuple[Annonce, bool]:
    """Saves the announcement and enqueues its distribution. Does nothing if one with the same ``cle`` exists.

    :returns: ``(annonce, created)``.
    """
    written = {name: getattr(annonce, name) for name in ("etape", "public", "objet", "texte")}
    stored, created = Annonce.objects.get_or_create(cle=annonce.cle, defaults={**written, "par": by})
    if created:
        transaction.on_commit(lambda: distribute_announcement.enqueue(stored.pk))
    return stored, created


@task()
@transaction.atomic
def distribute_announcement(pk: int) -> None:
    """Task: stores one mail per registered person in the outbox, in one transaction. A second run has no effect."""
    waiting = Annonce.objects.filter(distribuee_le=None).select_related("etape__commune")
    annonce = waiting.select_for_update(of=("self",)).filter(pk=pk).first()
    if annonce is None:
        return
    people = list(audience(annonce.etape, annonce.public))
    for inscription in people:
        queue_mail(inscription, "inscription_annonce", fact=annonce.cle.hex, annonce=annonce.pk)
    annonce.destinataires, annonce.distribuee_le = len(people), timezone.now()
    annonce.save(update_fields=["destinataires", "distribuee_le"])


def resume(now: datetime.datetime | None = None) -> int:
    """Periodic: distributes announcements whose task was lost; returns their number."""
    lost = Annonce.objects.filter(distribuee_le=None, creee_le__lt=(now or timezone.now()) - LOST)
    return for_each(list(lost.values_list("pk", flat=True)), distribute_announcement.func)
