"""Models for mailing road books: sendings, and who has received one."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etapes.carnets.models.carnet import CarnetPage


class EtatDeDiffusion(models.TextChoices):
    EN_COURS = "en_cours", _("being sent")
    TERMINEE = "terminee", _("sent")


class Diffusion(models.Model):
    """The sending of a road book (there is only one), with its contents at the time of launch. ``autres_langues``:
    ``{language: {"html", "texte"}}``."""

    carnet = models.OneToOneField(CarnetPage, on_delete=models.CASCADE, related_name="diffusion")
    etat = models.CharField(
        _("state"), max_length=10, choices=EtatDeDiffusion.choices, default=EtatDeDiffusion.EN_COURS
    )
    objet = models.CharField(_("subject"), max_length=150)
    html = models.TextField()
    texte = models.TextField()
    autres_langues = models.JSONField(default=dict, editable=False)
    lance_le = models.DateTimeField(_("launched"), default=timezone.now)
    lance_par = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    termine_le = models.DateTimeField(_("finished"), null=True)
    partis = models.PositiveIntegerField(_("sent"), default=0, help_text="Once finished.")
    perdus = models.PositiveIntegerField(_("given up"), default=0, help_text="Once finished.")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("sending of a road book")
        verbose_name_plural = _("sendings of road books")

    def __str__(self) -> Any:
        return self.objet

    def in_language(self, langue: str) -> dict[str, str]:
        """Returns ``{"html", "texte"}`` in this language, or in the road book's own."""
        return self.autres_langues.get(langue, {"html": self.html, "texte": self.texte})


class Exemplaire(models.Model):
    """One subscriber's copy: nobody gets a road book twice, even after subscribing again. Holds no address, only its hash."""

    diffusion = models.ForeignKey(Diffusion, on_delete=models.CASCADE, related_name="exemplaires")
    empreinte = models.CharField(max_length=64, help_text="The address's, which can't be read from it.")
    abonne = models.ForeignKey(
        "rallynov_fiches.Abonnement", null=True, on_delete=models.SET_NULL, related_name="exemplaires"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("copy")
        constraints = [models.UniqueConstraint(fields=["diffusion", "empreinte"], name="carnets_one_copy_each")]

    def __str__(self) -> Any:
        return self.empreinte
