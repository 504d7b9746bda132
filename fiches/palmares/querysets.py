"""Querysets that answer in the palmarès's words: what the public may know, and from which instant."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from fiches.models import FichePage


class PalmaresQuerySet(QuerySet):
    def shown(self):
        """Those of which the public knows that they are under way: jury, categories and criteria, not the results."""
        from fiches.palmares.enums import Etat

        return self.exclude(etat=Etat.PREPARATION)

    def released(self, now=None):
        """Whose embargo has ended: at that instant, not a second before, whether or not a scheduler runs."""
        return self.filter(embargo__lte=now or timezone.now())

    def embargoed(self, now=None):
        """Announced for later."""
        return self.filter(embargo__gt=now or timezone.now())


class PrixQuerySet(QuerySet):
    def in_force(self):
        """Those of the last decision on each category, in the order of display."""
        order = ("decision__categorie__sort_order", "decision__categorie_id", "rang", "pk")
        return self.filter(decision__en_vigueur=True).order_by(*order)

    def announced(self, now=None):
        """Those in force whose embargo has ended, whether or not anyone may read the fiche."""
        return self.in_force().filter(decision__categorie__palmares__embargo__lte=now or timezone.now())

    def public(self, now=None):
        """Those that anyone may know: announced, of a fiche that anyone may read."""
        now = now or timezone.now()
        # Looked up for each prize: there are far fewer of them than of visible fiches.
        visible = Exists(FichePage.objects.visible(now).filter(pk=OuterRef("nomination__fiche_id")))
        return self.announced(now).filter(visible)
