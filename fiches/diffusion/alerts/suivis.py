"""Writes the alerts (Suivi): creation, confirmation, change, stop and deletion. No other module writes them."""

from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from fiches import content_language
from fiches.diffusion.models import Rythme, Suivi
from fiches.mail import outbox
from fiches.mail.subscriptions import CONFIRM_WITHIN, Secrets
from fiches.models import FicheIndexPage
from fiches.query.fiche_filter import FicheFilter
from fiches.query.summary import followed
from fiches.upkeep.retention import SUBSCRIPTIONS

# Parameters of a list that an alert doesn't keep.
NOT_FOLLOWED = ("page", "par_page", "tri", "depuis")

_secrets = Secrets("fiches.diffusion.suivi")


def question_of(fiche_filter: FicheFilter) -> str:
    """Returns the query string that an alert stores: the filters of a FicheFilter without order, page or date."""
    with content_language.activated(
        content_language.default_language()
    ):  # writes `langue` too, since the query is parsed later outside any request
        return fiche_filter.querystring(sans=NOT_FOLLOWED)


def fiche_filter_of(question: str) -> FicheFilter:
    """Parses an alert's query string to a FicheFilter."""
    return FicheFilter.parse(QueryDict(question))


def language(suivi: Suivi) -> str:
    """Returns the language code of the fiches that the alert follows."""
    return fiche_filter_of(suivi.question).langue


def phrase(suivi: Any) -> str:
    """Returns the alert's query in words."""
    return followed(fiche_filter_of(suivi.question))


def list_address(suivi: Suivi) -> str:
    """Returns the address of the list of fiches with the alert's query; ``""`` when no list is public."""
    index_page = FicheIndexPage.objects.registered().visible().here().first()
    if index_page is None:
        return ""
    return f"{index_page.full_url}?{suivi.question}" if suivi.question else index_page.full_url


def token(suivi: Suivi) -> str:
    """Returns the token in the alert's addresses."""
    return _secrets.of(suivi.cle)


def suivi_of(text: str) -> Any:
    """Returns the alert of a token, or None."""
    key = _secrets.key(text)
    return key and Suivi.objects.filter(cle=key).first()


@transaction.atomic
def ask(*, courriel: str, question: str, rythme: str) -> Suivi:
    """Creates an alert and mails the link that confirms it; for an existing alert, mails the link to its settings.

    Sends at most one mail per alert and day, so that nobody can flood another person's mailbox. The caller can't see whether the
    alert existed.
    """
    digest = blake2b(question.encode(), digest_size=16).hexdigest()
    defaults = {"question": question, "rythme": Rythme(rythme)}
    suivi, created = Suivi.objects.get_or_create(courriel=courriel, marque=digest, defaults=defaults)
    if not created and suivi.confirme_le is None:
        suivi.rythme, suivi.demande_le = rythme, timezone.now()
        suivi.save(update_fields=["rythme", "demande_le"])
    day = timezone.localdate()
    outbox.post(f"suivi:{suivi.pk}:{day}", modele="suivi", destinataires=[courriel], sujet=suivi)
    return suivi


def confirm(*, suivi: Suivi) -> None:
    """Confirms the alert; has no effect on a confirmed one."""
    Suivi.objects.unconfirmed().filter(pk=suivi.pk).update(confirme_le=timezone.now())


def change(*, suivi: Suivi, rythme: str) -> None:
    Suivi.objects.filter(pk=suivi.pk).update(rythme=Rythme(rythme))


def stop(*, suivi: Suivi) -> None:
    """Deletes the alert, its address and its pending mails."""
    Suivi.objects.filter(pk=suivi.pk).delete()


def unconfirmed_too_long(now: datetime) -> Any:
    """Returns the alerts that were not confirmed within ``CONFIRM_WITHIN``, for retention."""
    return Suivi.objects.unconfirmed().filter(demande_le__lt=now - CONFIRM_WITHIN)


def confirmed_too_long_ago(now: datetime) -> Any:
    """Returns the alerts whose confirmation is older than ``SUBSCRIPTIONS``, for retention."""
    return Suivi.objects.filter(confirme_le__lt=now - SUBSCRIPTIONS)
