"""Querysets of the palmarès and the prizes: which are public, and from which instant."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from fiches.models import FichePage


class PalmaresQuerySet(QuerySet):
    def shown(self) -> QuerySet:
        """Those whose scoring was opened: jury, categories and criteria are public, but not yet the results."""
        from fiches.palmares.enums import EtatDuPalmares

        return self.exclude(etat=EtatDuPalmares.PREPARATION)


class PrixQuerySet(QuerySet):
    def in_force(self) -> QuerySet:
        """Those of the decision in force on each category, in the order of display."""
        order = ("decision__categorie__sort_order", "decision__categorie_id", "rang", "pk")
        return self.filter(decision__en_vigueur=True).with_ties().order_by(*order)

    def with_ties(self) -> "PrixQuerySet":
        """Annotates ``est_ex_aequo``: whether the decision gives another fiche the same prize."""
        others = self.model._default_manager.filter(decision=OuterRef("decision"), rang=OuterRef("rang"))
        return self.annotate(est_ex_aequo=Exists(others.exclude(pk=OuterRef("pk")).order_by()))

    def announced(self, now: datetime | None = None) -> QuerySet:
        """Those in force whose embargo has ended, even if their fiche is not visible."""
        return self.in_force().filter(decision__categorie__palmares__embargo__lte=now or timezone.now())

    def public(self, now: datetime | None = None) -> QuerySet:
        """Those that the public may see: in force, embargo ended, of a visible fiche."""
        now = now or timezone.now()
        # A correlated subquery: there are far fewer prizes than visible fiches.
        visible = Exists(FichePage.objects.visible(now).filter(pk=OuterRef("nomination__fiche_id")))
        return self.announced(now).filter(visible)
