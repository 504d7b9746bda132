"""Queryset and manager of étapes."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.models import PageManager

from etapes.enums import EtatInscription, StatutEtape
from fiches import content_language
from fiches.models.enums import Envoi
from fiches.models.querysets import VisibleQuerySet, prefetch_joined


def _is_past() -> Q:
    """The condition that the date is past, and is not the first one of a postponed étape without a new date."""
    return Q(termine_le__lt=timezone.now()) & ~Q(statut=StatutEtape.REPORTEE, ancienne_date=None)


class EtapeQuerySet(VisibleQuerySet):
    def upcoming(self) -> "EtapeQuerySet":
        """Étapes that are not over yet, those whose date is to come included: the complement of :meth:`past`."""
        return self.filter(~_is_past() | Q(termine_le=None))

    def past(self) -> QuerySet:
        """Étapes that are over, as the property ``passee``."""
        return self.filter(_is_past())

    def dated(self) -> "EtapeQuerySet":
        """Étapes whose date is known."""
        return self.exclude(date=None)

    def awaited(self) -> "EtapeQuerySet":
        """Étapes that people count on: they are registered for one to come, or not mailed yet that it is cancelled."""
        people = self.model._meta.get_field("inscrits").related_model.objects.active().filter(etape=OuterRef("pk"))
        untold = people.filter(courriels__etat=Envoi.A_ENVOYER)
        return self.upcoming().filter(Exists(people), ~Q(statut=StatutEtape.ANNULEE) | Exists(untold))

    def with_awaited(self) -> "EtapeQuerySet":
        """Annotates each étape with ``attendue``: whether :meth:`awaited` includes it."""
        return self.annotate(attendue=Exists(self.model.objects.awaited().filter(pk=OuterRef("pk"))))

    def on_the_road(self) -> QuerySet:
        """Orders by start (étapes without a date last), then number (étapes without one last)."""
        return self.order_by(F("commence_le").asc(nulls_last=True), F("numero").asc(nulls_last=True), "pk")

    def with_places(self) -> Any:
        """Annotates ``prises``, the number of places taken, in the same query."""
        registrations = self.model._meta.get_field("inscrits").related_model.objects
        # An étape and its translations are one event and share their places.
        group_key = "etape__translation_key" if content_language.is_multilingual() else "etape"
        outer_key = OuterRef("translation_key" if content_language.is_multilingual() else "pk")
        taken = registrations.filter(**{group_key: outer_key}, etat=EtatInscription.CONFIRMEE).order_by()
        taken_here = taken.values(group_key).annotate(number=Count("pk")).values("number")
        return self.annotate(prises=Coalesce(Subquery(taken_here), 0))

    def for_cards(self) -> Any:
        """Loads the relations that a card shows, in a constant number of queries."""
        return (
            self.with_places()
            .select_related("commune", "photo", "edition")
            .prefetch_related("photo__renditions", prefetch_joined(self.model, "organisations", "partenaire"))
            .defer("programme", "compte_rendu")
        )


EtapeManager = PageManager.from_queryset(EtapeQuerySet)
