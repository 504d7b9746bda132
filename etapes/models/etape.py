"""Page models of the étapes and of their list, with organisers, presentations and documents."""

import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.contrib.routable_page.models import path
from wagtail.documents import get_document_model_string
from wagtail.images import get_image_model_string
from wagtail.models import Orderable, Page
from wagtail.search import index

from etapes import panels
from etapes.blocks import programme_blocks
from etapes.enums import Inscriptions, MomentDeLaJournee, StatutEtape
from etapes.etape_contexts import etape_context, etapes_context
from etapes.inscriptions import availability
from etapes.querysets import EtapeManager
from etapes.schedule import bounds, check_rendezvous
from fiches.admin.choosers import approved
from fiches.models.blocks import body_blocks
from fiches.models.fields import BodyField, PhoneField
from fiches.models.querysets import VisibleManager, prefetch_joined
from fiches.models.revisions import ChildRow, RevisedWhenChanged
from fiches.models.routes import AddressablePage
from fiches.models.territoire import Localisable
from fiches.pages.picture_renditions import pictures_in, read_renditions

if TYPE_CHECKING:
    from etapes.inscriptions.availability import Guichet
    from etapes.permissions import EtapePermissionTester


def tester(user: Any, page: Page) -> "EtapePermissionTester":
    from etapes.permissions import EtapePermissionTester

    return EtapePermissionTester(user, page)


class EtapeIndexPage(RevisedWhenChanged, AddressablePage, Page):
    """The list of the étapes, at ``/etapes/`` or wherever a host puts it."""

    # Étapes go through the review workflow; users who may publish them may skip it.
    is_reviewed = True

    introduction = models.TextField(_("introduction"), blank=True, max_length=600)

    content_panels = panels.INDEX_CONTENT
    subpage_types = ["rallynov_etapes.EtapePage"]
    template = "etapes/etape_index_page.html"
    objects = VisibleManager()

    class Meta:
        verbose_name = _("list of the étapes")

    def permissions_for_user(self, user: Any) -> "EtapePermissionTester":
        return tester(user, self)

    @path("", name="index")
    def index_route(self, request: HttpRequest) -> HttpResponse:
        return self.render(request)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), **etapes_context(self, request)}


class EtapePage(RevisedWhenChanged, AddressablePage, Localisable, Page):
    """One stage of the road: a date, a place, organisers, a programme, the fiches presented; later its report."""

    numero = models.PositiveSmallIntegerField(_("number on the road"), null=True, blank=True)
    edition = models.ForeignKey(
        "rallynov_fiches.Edition",
        verbose_name=_("edition"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="etapes",
    )
    chapo = models.TextField(_("introduction"), max_length=600, blank=True)
    date = models.DateField(_("date"), null=True, blank=True, db_index=True)
    debut = models.TimeField(_("from"), null=True, blank=True)
    fin = models.TimeField(_("to"), null=True, blank=True)
    moment = models.CharField(
        _("moment of the day"),
        max_length=12,
        choices=MomentDeLaJournee.choices,
        blank=True,
        help_text=_("Where the hours are not known: nothing is invented."),
    )
    lieu = models.CharField(_("place"), max_length=200, blank=True, help_text=_("Name of the hall or building."))
    acces = models.TextField(_("practical information"), blank=True, help_text=_("How to get there, parking, bus."))
    accessibilite = models.TextField(_("accessibility of the place"), blank=True)
    statut = models.CharField(_("state"), max_length=10, choices=StatutEtape.choices, default=StatutEtape.PREVUE)
    ancienne_date = models.DateField(
        _("first announced for"),
        null=True,
        blank=True,
        help_text=_("Where a postponed étape has its new date: the one that it takes the place of."),
    )
    inscriptions = models.CharField(
        _("registrations"), max_length=10, choices=Inscriptions.choices, default=Inscriptions.AUCUNE
    )
    inscriptions_jusqu_au = models.DateTimeField(
        _("registration closes"), null=True, blank=True, help_text=_("Without a date: when the étape begins.")
    )
    capacite = models.PositiveIntegerField(
        _("number of places"),
        null=True,
        blank=True,
        help_text=_("Beyond it, people wait for a place, and get the first that is given back. Empty: no limit."),
    )
    conservation = models.PositiveSmallIntegerField(
        _("days for which registrations are kept"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("After the étape; then names and addresses are deleted. Attendance stays."),
    )
    programme = BodyField(programme_blocks(), verbose_name=_("programme"), blank=True)
    photo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    photo_alt = models.CharField(_("alternative text of the picture"), max_length=250, blank=True)
    photo_decorative = models.BooleanField(_("the picture is decorative"), default=False)
    compte_rendu = BodyField(body_blocks(), verbose_name=_("report of the étape"), blank=True)
    compte_rendu_ecarte = models.BooleanField(
        _("no report will be written"), default=False, help_text=_("The étape is late no more for want of one.")
    )
    participants = models.PositiveIntegerField(_("attendance"), null=True, blank=True)
    exemple = models.BooleanField(_("example"), default=False, help_text=_("Fictitious: marked as such everywhere."))

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    commence_le = models.DateTimeField(null=True, editable=False, db_index=True)
    termine_le = models.DateTimeField(null=True, editable=False, db_index=True)

    objects = EtapeManager()

    # What belongs to the event itself: a copy is for the next one, a translation has the same.
    kept_in_translations = [
        "date",
        "numero",
        "edition",
        "statut",
        "ancienne_date",
        "inscriptions",
        "inscriptions_jusqu_au",
    ]
    kept_in_translations += ["compte_rendu", "compte_rendu_ecarte", "participants"]
    exclude_fields_in_copy = ["uid", *kept_in_translations]
    template = "etapes/etape_page.html"
    parent_page_types = ["rallynov_etapes.EtapeIndexPage"]
    subpage_types = []
    edit_handler = panels.ETAPE

    search_fields = Page.search_fields + [
        index.SearchField("chapo"),
        index.SearchField("programme"),
        index.SearchField("compte_rendu"),
        index.SearchField("lieu"),
        index.RelatedFields("commune", [index.SearchField("nom")]),
        index.FilterField("date"),
        index.FilterField("statut"),
    ]

    @classproperty
    def base_form_class(cls) -> type:
        """Imported lazily: the form's widgets need the models."""
        from etapes.forms import EtapeForm

        return EtapeForm

    class Meta:
        verbose_name = _("étape")
        verbose_name_plural = _("étapes")

    def clean(self) -> None:
        super().clean()
        check_rendezvous(self)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.derive_bounds()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive_bounds()
        super().save(*args, **kwargs)

    def derive_bounds(self) -> None:
        """Sets ``commence_le`` and ``termine_le``, on which sorting and "to come / past" rely; None without a date."""
        self.commence_le, self.termine_le = bounds(date=self.date, debut=self.debut, fin=self.fin, moment=self.moment)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        read_renditions(self.photo, *pictures_in(self.compte_rendu))
        organisers = prefetch_joined(EtapePage, "organisations", "partenaire")
        prefetch_related_objects(
            [self], organisers, "presentations", prefetch_joined(EtapePage, "documents", "document__collection")
        )
        return {**super().get_context(request, *args, **kwargs), **etape_context(self)}

    def permissions_for_user(self, user: Any) -> "EtapePermissionTester":
        return tester(user, self)

    @path("", name="etape")
    def etape_route(self, request: HttpRequest) -> HttpResponse:
        return self.render(request)

    @property
    def passee(self) -> bool:
        """Whether it is over. False while its date is to come."""
        return bool(self.termine_le and self.termine_le < timezone.now() and not self.attend_sa_date)

    @property
    def annulee(self) -> bool:
        return self.statut == StatutEtape.ANNULEE

    @property
    def reportee(self) -> bool:
        return self.statut == StatutEtape.REPORTEE

    @property
    def sans_date(self) -> bool:
        """Whether it is announced without a date."""
        return self.date is None

    @property
    def attend_sa_date(self) -> bool:
        """Whether its date is to come: it has none, or it is postponed and ``date`` is still the first one."""
        return self.sans_date or (self.reportee and self.ancienne_date is None)

    @property
    def a_lieu(self) -> bool:
        """Whether it takes (or took) place at its date."""
        return not self.annulee and not self.attend_sa_date

    @property
    def sur_la_route(self) -> bool:
        """Whether it is on the road: it takes place, or will once it has a date. The road leaves out the cancelled ones, and the
        postponed ones without a new date."""
        return self.a_lieu or (self.sans_date and not self.annulee)

    @property
    def etat(self) -> "availability.EtatDuGuichet":
        """The public state: an `inscriptions.availability.EtatDuGuichet`."""
        return availability.state(self)

    @property
    def guichet(self) -> "Guichet":
        """The state of registration: an `inscriptions.availability.Guichet`."""
        return availability.desk(self)


class EtapeOrganisation(ChildRow, Orderable):
    """One organiser of an étape, with its contact."""

    etape = ParentalKey(EtapePage, on_delete=models.CASCADE, related_name="organisations")
    partenaire = models.ForeignKey(
        "rallynov_fiches.Partenaire",
        verbose_name=_("organiser"),
        on_delete=models.PROTECT,
        related_name="organisations",
    )
    contact_nom = models.CharField(_("contact"), max_length=120, blank=True)
    contact_telephone = PhoneField(_("phone"), blank=True)
    contact_courriel = models.EmailField(_("e-mail"), blank=True)
    contact_public = models.BooleanField(
        _("the contact may be shown"), default=False, help_text=_("Tick once the person agreed.")
    )

    panels = panels.ORGANISATION

    class Meta(Orderable.Meta):
        verbose_name = _("organiser")


class PresentationDeFiche(ChildRow, Orderable):
    """A fiche presented at an étape, with its slot."""

    etape = ParentalKey(EtapePage, on_delete=models.CASCADE, related_name="presentations")
    fiche = models.ForeignKey(
        "rallynov_fiches.FichePage", verbose_name=_("fiche"), on_delete=models.CASCADE, related_name="presentations"
    )
    heure = models.TimeField(_("at"), null=True, blank=True)

    panels = panels.PRESENTATION

    class Meta(Orderable.Meta):
        verbose_name = _("fiche presented")
        constraints = [models.UniqueConstraint(fields=["etape", "fiche"], name="etapes_fiche_presented_once")]

    def clean(self) -> None:
        """Refuses a newly chosen fiche that is not approved. One that was unpublished since stays, and isn't shown."""
        super().clean()
        if self.fiche_id and not self._was_chosen_before() and not approved().filter(pk=self.fiche_id).exists():
            raise ValidationError({"fiche": _("This fiche is not approved yet: choose it once it is online.")})

    def _was_chosen_before(self) -> bool | None:
        return self.pk and type(self).objects.filter(pk=self.pk, fiche=self.fiche_id).exists()


class DocumentDEtape(ChildRow, Orderable):
    """A document to download from an étape's page."""

    etape = ParentalKey(EtapePage, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(
        get_document_model_string(), verbose_name=_("document"), on_delete=models.CASCADE, related_name="+"
    )
    titre = models.CharField(_("title"), max_length=150, blank=True, help_text=_("Without one: the document's own."))

    panels = panels.DOCUMENT

    class Meta(Orderable.Meta):
        verbose_name = _("document")
