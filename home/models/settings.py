"""Site settings: navigation and publisher."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.images import get_image_model_string
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.models import Orderable

from fiches.models.fields import PhoneField
from fiches.models.page_forms import RecordForm
from fiches.publications.version import memoize
from fiches.territoire.territory import territory_words


@register_setting(icon="list-ul", order=10)
class Navigation(BaseSiteSetting, ClusterableModel):
    """Links of the menu and of the footer."""

    select_related = ["site"]

    panels = [
        InlinePanel("liens_de_menu", heading=_("Main menu"), label=_("link"), max_num=8),
        InlinePanel("liens_de_pied", heading=_("Footer"), label=_("link"), max_num=16),
    ]

    class Meta:
        verbose_name = _("navigation")


class LienDeNavigation(Orderable):
    """A link of the navigation, to a page or to a URL."""

    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    adresse = models.CharField(
        _("address"), max_length=250, blank=True, help_text=_("Of this site (“/recherche/”) or elsewhere.")
    )
    libelle = models.CharField(_("label"), max_length=60, blank=True, help_text=_("Otherwise the page's title."))

    panels = [FieldPanel("page"), FieldPanel("adresse"), FieldPanel("libelle")]

    class Meta(Orderable.Meta):
        abstract = True

    def clean(self) -> None:
        super().clean()
        if bool(self.page_id) == bool(self.adresse):
            raise ValidationError(_("Choose a page or give an address: one of them."))
        if self.adresse:
            if not self.adresse.startswith(("/", "https://", "http://")) or self.adresse.startswith("//"):
                raise ValidationError({"adresse": _("Begin with “/” or “https://”.")})
            if not self.libelle:
                raise ValidationError({"libelle": _("Say what this link is called.")})


class LienDeMenu(LienDeNavigation):
    navigation = ParentalKey(Navigation, on_delete=models.CASCADE, related_name="liens_de_menu")


class LienDePied(LienDeNavigation):
    navigation = ParentalKey(Navigation, on_delete=models.CASCADE, related_name="liens_de_pied")


# Filter spec of the picture that social networks show with a link.
SHARED_SIZE = "fill-1200x630|format-jpeg"


@register_setting(icon="cog", order=20)
class Organisme(BaseSiteSetting):
    """The publisher of the site, shown in the footer, the legal pages and the structured data."""

    select_related = ["site", "partage"]

    nom = models.CharField(_("name of the site"), max_length=80, default="Rally’nov")
    sous_titre = models.CharField(
        _("subtitle"),
        max_length=120,
        blank=True,
        help_text=_("Left blank: “Social innovation” and the name of the territory, in each language."),
    )
    presentation = models.TextField(
        _("introduction at the foot of each page"),
        max_length=400,
        blank=True,
        help_text=_("A sentence or two on what the site is. Left blank, there is one already, in each language."),
    )
    editeur = models.CharField(_("publisher"), max_length=200, blank=True)
    adresse = models.TextField(_("postal address"), blank=True)
    courriel = models.EmailField(_("e-mail"), blank=True)
    telephone = PhoneField(_("phone"), blank=True)
    delegue = models.EmailField(_("data protection officer"), blank=True)
    partage = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("picture for social networks"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    base_form_class = RecordForm
    panels = [
        MultiFieldPanel(
            [FieldPanel("nom"), FieldPanel("sous_titre"), FieldPanel("presentation"), FieldPanel("partage")],
            _("The site"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("editeur"),
                FieldPanel("adresse"),
                FieldPanel("courriel"),
                FieldPanel("telephone"),
                FieldPanel("delegue"),
            ],
            _("The publisher"),
        ),
    ]

    @property
    def accroche(self) -> str:
        """The subtitle, or « Innovation sociale en Bretagne » if there is none."""
        return self.sous_titre or gettext("Social innovation %(in_territory)s") % territory_words()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Creates the rendition for social networks, which pages only read."""
        if self.partage:
            get_rendition_or_not_found(self.partage, SHARED_SIZE)
        super().save(*args, **kwargs)

    class Meta:
        verbose_name = _("publisher of the site")


def contact_address() -> str:
    """The publisher's mail address on the default site; ``""`` if there is none. Memoized."""
    return _publisher().courriel


def signature() -> list[str]:
    """The lines that end each mail: the site's name, the publisher, its postal address, its phone; none where staff saved no
    publisher. Memoized."""
    publisher = _publisher()
    if publisher.pk is None:
        return []
    address = ", ".join(publisher.adresse.splitlines())
    return [line for line in (publisher.nom, publisher.editeur, address, publisher.telephone) if line]


def _publisher() -> Organisme:
    """The publisher of the default site; an unsaved one, with the defaults, where staff saved none."""
    return memoize("publisher", _read_publisher, shared=True)


def _read_publisher() -> Organisme:
    return Organisme.objects.filter(site__is_default_site=True).first() or Organisme()
