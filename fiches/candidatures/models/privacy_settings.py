"""The settings of the dossiers' privacy notice."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="lock", order=30)
class Confidentialite(BaseSiteSetting):
    """The privacy notice of the dossiers (articles 13 and 14 of the GDPR)."""

    responsable = models.CharField(
        _("controller"), max_length=200, blank=True, help_text=_("The organisation that decides why the data are kept.")
    )
    adresse = models.TextField(_("its address"), blank=True)
    delegue = models.EmailField(_("data protection officer"), blank=True)
    destinataires = models.TextField(
        _("recipients"), blank=True, help_text=_("Who reads the dossiers, besides the rally’s own staff.")
    )

    panels = [FieldPanel(name) for name in ("responsable", "adresse", "delegue", "destinataires")]

    class Meta:
        verbose_name = _("privacy of the dossiers")
