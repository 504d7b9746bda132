from django.db import models
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.api import APIField
from wagtail.search import index

from fiches.models import FichePage


class FicheDuReseau(FichePage):
    """Une fiche avec deux champs de plus : dans le formulaire, sur la page, dans l’API et la recherche."""

    budget = models.PositiveIntegerField("budget", null=True, blank=True, help_text="En euros, pour une année.")
    devise = models.CharField("devise", max_length=200, blank=True)

    template = "fiches/fiche_page.html"
    _tab = ObjectList([FieldPanel("budget"), FieldPanel("devise")], heading="Réseau")
    edit_handler = TabbedInterface([*FichePage.edit_handler.children, _tab])
    api_fields = [*FichePage.api_fields, APIField("budget"), APIField("devise")]
    search_fields = [*FichePage.search_fields, index.SearchField("devise")]

    class Meta:
        verbose_name = "fiche du réseau"


class Visite(models.Model):
    """Ce que l’API dit de plus d’une fiche, sous la clé « visites »."""

    fiche = models.ForeignKey(FichePage, on_delete=models.CASCADE, related_name="visites")
    jour = models.DateField("jour")
