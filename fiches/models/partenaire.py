"""The partners of the rally."""

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.images import get_image_model_string
from wagtail.search import index

from fiches.models.fields import ChoiceListField, PhoneField
from fiches.models.page_forms import RecordForm


def name_with_acronym(nom: str, sigle: str) -> str:
    """« Réseau Innovation Franche-Comté (RIFC) »; the name alone if it holds the acronym."""
    return f"{nom} ({sigle})" if sigle and sigle.casefold() not in nom.casefold() else nom


class Role(models.TextChoices):
    """Roles of a partner in the rally, in the order of the partners page."""

    COPILOTE = "copilote", _("co-pilot")
    MAITRE_D_OEUVRE = "maitre-d-oeuvre", _("lead contractor")
    CADRE = "cadre", _("framework")
    FINANCEUR = "financeur", _("funder")
    ORGANISATEUR = "organisateur", _("étape organiser")
    ASSOCIE = "associe", _("associated partner")


class Partenaire(index.Indexed, models.Model):
    """A network, company or public body that takes part in the rally; used by fiches, étapes and the partners page."""

    nom = models.CharField(_("name"), max_length=200, unique=True)
    sigle = models.CharField(_("acronym"), max_length=40, blank=True)
    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    roles = ChoiceListField(_("roles"), of=Role.choices)
    presentation = models.TextField(_("presentation"), blank=True)
    logo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    site = models.URLField(_("web site"), blank=True)
    contact_nom = models.CharField(_("contact"), max_length=120, blank=True)
    contact_fonction = models.CharField(_("job title"), max_length=120, blank=True)
    contact_telephone = PhoneField(_("phone"), blank=True)
    contact_courriel = models.EmailField(_("e-mail"), blank=True)
    contact_public = models.BooleanField(
        _("the contact may be shown"), default=False, help_text=_("Tick once the person agreed.")
    )
    membres = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("accounts"), blank=True, related_name="partenaires"
    )
    exemple = models.BooleanField(_("example"), default=False, help_text=_("Fictitious: marked as such everywhere."))

    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel("nom", help_text=_("In full, as it is to be read everywhere.")),
                        FieldPanel("sigle", help_text=_("Cards and lists show it in place of the name.")),
                    ]
                ),
                FieldPanel(
                    "slug", help_text=_("Addresses and partners' filters use it: leave it as it is once it is known.")
                ),
                FieldPanel(
                    "roles",
                    help_text=_("They tell where it stands on the partners' page, and where one may choose it."),
                ),
            ],
            _("Who"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("presentation", help_text=_("A few sentences for the partners' page.")),
                FieldPanel("logo", help_text=_("SVG can't be sent: PNG or WebP, on a plain ground.")),
                FieldPanel("site", help_text=_("The whole address, beginning with https://.")),
            ],
            _("What is shown"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel("contact_nom", help_text=_("Who answers for the rally there.")),
                        FieldPanel("contact_fonction", help_text=_("As on their card.")),
                    ]
                ),
                FieldRowPanel(
                    [
                        FieldPanel("contact_telephone", help_text=_("Kept private until the tick below.")),
                        FieldPanel("contact_courriel", help_text=_("Kept private until the tick below.")),
                    ]
                ),
                FieldPanel("contact_public"),
            ],
            _("Contact"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("membres", help_text=_("They may change the étapes that this partner organises.")),
                FieldPanel("exemple"),
            ],
            _("Administration"),
        ),
    ]
    search_fields = [
        index.SearchField("nom"),
        index.SearchField("sigle"),
        index.AutocompleteField("nom"),
        index.AutocompleteField("sigle"),
    ]

    base_form_class = RecordForm

    class Meta:
        ordering = ["nom"]
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    def __str__(self) -> str:
        return self.nom

    @property
    def nom_court(self) -> str:
        """The acronym, or the name if there is none."""
        return self.sigle or self.nom

    @property
    def sigle_a_expliquer(self) -> bool:
        """Whether the acronym says less than the name."""
        return bool(self.sigle) and name_with_acronym(self.nom, self.sigle) != self.nom

    @admin.display(description=_("roles"))
    def roles_en_clair(self) -> str:
        """The labels of the roles, in the order of the partners page."""
        return ", ".join(str(label) for key, label in Role.choices if key in self.roles)
