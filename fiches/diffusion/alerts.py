"""Alerts: an address that follows a query gets, once a week, the fiches that were first published since its last mail."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from fiches import content_language
from fiches.mail import outbox, subscriptions
from fiches.mail.wordings import Obsolete, Wording, register_letter
from fiches.models import Abonnement, Courriel, FicheIndexPage, FichePage, Publication
from fiches.query.fiche_filter import FicheFilter
from fiches.query.summary import followed
from fiches.upkeep.periodic import A_DAY, for_each, register_periodic

# Parameters of a list that an alert doesn't keep.
NOT_FOLLOWED = ("page", "par_page", "tri", "depuis")
# Fiches listed in one mail; the rest are only counted.
MAX_LISTED = 50


class Alert(subscriptions.Kind):
    nature = "recherche"
    title = gettext_lazy("Follow this search")
    intro = gettext_lazy(
        "Once a week, a mail tells you of the new fiches that answer it, if there are any. No account, no password."
    )
    purpose = gettext_lazy("to send you this alert")

    def question(self, request: HttpRequest) -> str:
        return question_of(FicheFilter.parse(request.GET))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        return {"recherche": FicheFilter.parse(request.GET)}

    def phrase(self, question: str) -> str:
        return followed(FicheFilter.parse(QueryDict(question)))


def connect() -> None:
    """Registers the form, the mail and the periodic work; called from ``AppConfig.ready()``."""
    subscriptions.register_kind(Alert(), FicheIndexPage, "suivre")
    register_letter(
        "alerte",
        Wording(gettext_lazy("Alerts: what is new"), ("nouvelles", "phrase", "liste", "arret"), ("nouvelles",)),
        complete=_what_is_new,
        finish=lambda message, courriel: subscriptions.offer_one_click(message, courriel.sujet, name="alertes"),
        language=subscriptions.language,
    )
    register_periodic("alertes", announce, every=7 * A_DAY)


def question_of(fiche_filter: FicheFilter) -> str:
    """Returns the query string that an alert stores: the filters of a FicheFilter without order, page or date."""
    # Writes `langue` too, since the query is parsed later outside any request.
    with content_language.activated(content_language.default_language()):
        return fiche_filter.querystring(sans=NOT_FOLLOWED)


def announce() -> int:
    """Periodic work: writes the mails of all alerts; returns how many different queries are followed. Each is run once."""
    now = timezone.now()
    marques = _alerts().order_by("marque").values_list("marque", flat=True).distinct()
    return for_each([*marques], lambda marque: _announce(marque, now))


def _alerts() -> QuerySet:
    return Abonnement.objects.confirmed().filter(nature=Alert.nature)


@transaction.atomic
def _announce(marque: str, now: datetime) -> None:
    alerts = list(_alerts().select_for_update().filter(marque=marque, annonce_le__lt=now))
    if not alerts:
        return
    # The register's `published_at` is the first publication, which later changes don't move.
    recent = Publication.objects.filter(kind="fiche", published_at__gt=min(each.annonce_le for each in alerts))
    published = dict(recent.filter(published_at__lte=now).values_list("object_id", "published_at"))
    matches = matching(alerts[0].question, published)
    mails = []
    for alert in alerts:
        if fiches := [pk for pk in matches if published[pk] > alert.annonce_le]:
            mails.append((f"alerte:{alert.pk}:{uuid4().hex}", alert.courriel, alert, {"fiches": fiches}))
    outbox.post_all(mails, modele="alerte")
    Abonnement.objects.filter(pk__in=[alert.pk for alert in alerts]).update(annonce_le=now)


def matching(question: str, pks: dict[int, Any]) -> list[int]:
    """Returns the fiches among ``pks`` that match a query string, in the order of the list.

    Returns none when part of the query is no longer valid (a deleted criterion): ignoring that part would announce fiches that
    the person didn't ask for.
    """
    fiche_filter = FicheFilter.parse(QueryDict(question))
    if not pks or fiche_filter.errors:
        return []
    return [pk for pk in fiche_filter.ids if pk in pks]


def _what_is_new(courriel: Courriel) -> dict[str, str]:
    pks = courriel.contexte["fiches"]
    visible = FichePage.objects.visible().select_related("commune").defer("corps").in_bulk(pks)
    fiches = [visible[pk] for pk in pks if pk in visible]
    if not fiches:
        raise Obsolete
    number = len(fiches)
    return {
        "nouvelles": ngettext("%(number)s new innovation", "%(number)s new innovations", number) % {"number": number},
        "phrase": subscriptions.phrase(courriel.sujet),
        "liste": "\n\n".join([_line_of(fiche) for fiche in fiches[:MAX_LISTED]] + _others(number - MAX_LISTED)),
        "arret": subscriptions.stop_address(courriel.sujet),
    }


def _line_of(fiche: FichePage) -> str:
    place = f" ({fiche.commune.nom})" if fiche.commune else ""
    return f"{fiche.title}\n{fiche.organisation}{place}\n{fiche.full_url}"


def _others(number: int) -> list[str]:
    text = ngettext("And %(number)s more, in the list.", "And %(number)s more, in the list.", number)
    return [text % {"number": number}] if number > 0 else []
