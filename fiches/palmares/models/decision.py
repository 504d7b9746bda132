"""The jury's decisions, with their reasons, and the prizes that they give."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fiches.palmares.enums import Rang
from fiches.palmares.models.edition import Categorie, Nomination
from fiches.palmares.querysets import PrixQuerySet


class Decision(models.Model):
    """A decision on one category. Never changed: a later one replaces it, and both are kept."""

    categorie = models.ForeignKey(Categorie, on_delete=models.CASCADE, related_name="decisions")
    motifs = models.TextField(_("reasons"), max_length=4000)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    par_nom = models.CharField(_("by"), max_length=150)
    le = models.DateTimeField(_("decided"))
    en_vigueur = models.BooleanField(_("in force"), default=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-le", "-pk"]
        verbose_name = _("decision")
        constraints = [
            models.UniqueConstraint(
                fields=["categorie"], condition=models.Q(en_vigueur=True), name="palmares_one_decision_in_force"
            )
        ]


class Prix(models.Model):
    """A prize given to a nominated fiche. Public code must read it through ``Prix.objects.public()``."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="prix")
    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="prix")
    rang = models.PositiveSmallIntegerField(_("prize"), choices=Rang.choices)
    citation = models.TextField(_("citation"), max_length=600, help_text=_("Read out, printed and published."))
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = PrixQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("prize")
        verbose_name_plural = _("prizes")
        constraints = [models.UniqueConstraint(fields=["decision", "nomination"], name="palmares_prize_once")]

    def __str__(self) -> str:
        """For example « Premier prix, Coopération (2025) »."""
        categorie = self.categorie
        return f"{self.libelle}, {categorie.nom} ({categorie.palmares.edition.annee})"

    @property
    def libelle(self) -> str:
        """For example « Premier prix ex æquo »: prizes are read with :meth:`PrixQuerySet.with_ties`. Several mentions are no tie."""
        name = str(self.get_rang_display())
        is_tied = self.rang != Rang.MENTION and getattr(self, "est_ex_aequo", False)
        return gettext("%(prize)s ex æquo") % {"prize": name} if is_tied else name

    @property
    def categorie(self) -> Any:
        return self.decision.categorie

    @property
    def palmares(self) -> Any:
        return self.decision.categorie.palmares

    @property
    def fiche(self) -> Any:
        return self.nomination.fiche
