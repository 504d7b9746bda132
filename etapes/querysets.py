"""Querysets that answer in the road's words."""

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.models import PageManager

from etapes.enums import EtatInscription
from fiches import langues
from fiches.models.querysets import VisibleQuerySet, joined


class EtapeQuerySet(VisibleQuerySet):
    def upcoming(self):
        """Not finished yet."""
        return self.filter(termine_le__gte=timezone.now())

    def past(self):
        return self.filter(termine_le__lt=timezone.now())

    def on_the_road(self):
        """In the order in which the rally goes; an étape without a number follows by its date."""
        return self.order_by("commence_le", F("numero").asc(nulls_last=True), "pk")

    def with_places(self):
        """With how many places are taken (``prises``), as part of the same query."""
        registered = self.model._meta.get_field("inscrits").related_model.objects
        # An étape and its translations are one meeting, with one number of places.
        same = "etape__translation_key" if langues.is_multilingual() else "etape"
        here = OuterRef("translation_key" if langues.is_multilingual() else "pk")
        taken = registered.filter(**{same: here}, etat=EtatInscription.CONFIRMEE).order_by()
        counted = taken.values(same).annotate(number=Count("pk")).values("number")
        return self.annotate(prises=Coalesce(Subquery(counted), 0))

    def for_page(self):
        """With what an étape's own page shows."""
        return (
            self.served()
            .with_places()
            .select_related("commune", "photo", "edition")
            .prefetch_related(
                joined(self.model, "organisations", "partenaire"),
                "presentations",
                joined(self.model, "documents", "document__collection"),
            )
        )

    def for_cards(self):
        """With what a list shows of each: a constant number of queries whatever their number."""
        return (
            self.with_places()
            .select_related("commune", "photo", "edition")
            .prefetch_related("photo__renditions", joined(self.model, "organisations", "partenaire"))
            .defer("programme", "compte_rendu")
        )


EtapeManager = PageManager.from_queryset(EtapeQuerySet)
