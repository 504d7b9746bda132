"""What tests are made of: pages of the rally, its records, its people."""

import datetime

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils.text import slugify
from factory.django import DjangoModelFactory
from wagtail_factories import PageFactory as WagtailPageFactory

from etapes.carnets.models import CarnetIndexPage, CarnetPage
from etapes.models import EtapeIndexPage, EtapeOrganisation, EtapePage
from fiches.models import Critere, Dimension, Edition, FicheIndexPage, FichePage, MotCle, Partenaire
from home.models import BibliographiePage, ContentPage, GrillePage, HomePage, Illustration, PartenairesPage
from tests import pictures
from tests.batch_indexing import batch_indexing

PASSWORD = "mot-de-passe-des-tests"
GROUPS = {"redaction": "Rédaction", "moderation": "Modération", "partenaire": "Partenaires"}


class UserFactory(DjangoModelFactory):
    """An account. ``role`` is redaction, moderation, partenaire, admin (a superuser) or nothing."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    class Params:
        role = ""

    username = factory.LazyAttributeSequence(lambda user, n: f"{user.role or 'compte'}{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@rallynov.test")
    password = factory.django.Password(PASSWORD)
    is_superuser = factory.LazyAttribute(lambda user: user.role == "admin")

    @factory.post_generation
    def groups(self, create, groups, **kwargs):
        if create:
            self.groups.set(groups or [])

    @classmethod
    def _generate(cls, strategy, params):
        name = GROUPS.get(params.get("role", ""))
        if strategy == "create" and name:
            params = {"groups": [Group.objects.get(name=name)], **params}
        return super()._generate(strategy, params)


class DimensionFactory(DjangoModelFactory):
    class Meta:
        model = Dimension

    nom = factory.Sequence(lambda n: f"en lien avec {n}")
    slug = factory.LazyAttribute(lambda dimension: slugify(dimension.nom))
    ordre = factory.Sequence(lambda n: n)


class CritereFactory(DjangoModelFactory):
    class Meta:
        model = Critere

    dimension = factory.SubFactory(DimensionFactory)
    name = factory.Sequence(lambda n: f"critère {n}")


class MotCleFactory(DjangoModelFactory):
    class Meta:
        model = MotCle

    name = factory.Sequence(lambda n: f"mot {n}")


class EditionFactory(DjangoModelFactory):
    class Meta:
        model = Edition
        django_get_or_create = ["annee"]

    annee = 2013


class PartenaireFactory(DjangoModelFactory):
    class Meta:
        model = Partenaire
        skip_postgeneration_save = True

    nom = factory.Sequence(lambda n: f"Réseau {n}")
    slug = factory.LazyAttribute(lambda partenaire: slugify(partenaire.nom))

    @factory.post_generation
    def membres(self, create, members, **kwargs):
        """The accounts that act for this partner."""
        if create and members:
            self.membres.set(members)


class IllustrationFactory(DjangoModelFactory):
    class Meta:
        model = Illustration

    title = factory.Sequence(lambda n: f"Atelier {n}")
    file = factory.LazyFunction(lambda: ContentFile(pictures.picture(), name="atelier.jpg"))


class PageFactory(WagtailPageFactory):
    """A page that is stored in several steps, and is in the indexes once it is whole."""

    class Meta:
        abstract = True

    @classmethod
    def _generate(cls, strategy, params):
        with batch_indexing():
            return super()._generate(strategy, params)

    @classmethod
    def create_batch(cls, size, **kwargs):
        with batch_indexing():
            return super().create_batch(size, **kwargs)


class HomePageFactory(PageFactory):
    class Meta:
        model = HomePage

    title = "Rally’nov"
    slug = "accueil"


class ContentPageFactory(PageFactory):
    class Meta:
        model = ContentPage

    title = factory.Sequence(lambda n: f"Page {n}")


class PartenairesPageFactory(PageFactory):
    class Meta:
        model = PartenairesPage

    title = "Partenaires"


class GrillePageFactory(PageFactory):
    class Meta:
        model = GrillePage

    title = "La grille"


class BibliographiePageFactory(PageFactory):
    class Meta:
        model = BibliographiePage

    title = "Bibliographie"


class FicheIndexPageFactory(PageFactory):
    class Meta:
        model = FicheIndexPage

    title = "Fiches"


class FichePageFactory(PageFactory):
    """A fiche, published unless ``live=False``; ``parent`` is the list of the fiches. A draft has a first revision; a published one,
    with ``revision=True``.

    ``complete=True``: it may be approved, where the grid has no criteria."""

    class Meta:
        model = FichePage
        skip_postgeneration_save = True

    class Params:
        complete = factory.Trait(
            sans_localisation=True,
            corps=[{"type": "citation", "value": {"texte": "Chacun y gagne.", "auteur": "", "fonction": ""}}],
        )

    title = factory.Sequence(lambda n: f"La recette d’une organisation partagée {n}")
    organisation = "Agrodoubs"
    chapo = "Une coopérative qui partage ses machines."

    @factory.post_generation
    def revision(self, create, author, **kwargs):
        """``revision=someone`` says who wrote it."""
        if create and (author or not self.live):
            revision = self.save_revision(user=None if author is True else author)
            if self.live:
                type(self).objects.filter(pk=self.pk).update(live_revision=revision, has_unpublished_changes=False)
                self.refresh_from_db()


class EtapeIndexPageFactory(PageFactory):
    class Meta:
        model = EtapeIndexPage

    title = "Étapes"
    slug = "etapes"


class EtapePageFactory(PageFactory):
    """A published étape; ``parent`` is the list of the étapes; ``organisateurs`` are partners."""

    class Meta:
        model = EtapePage
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Étape {n}")
    date = datetime.date(2013, 4, 16)
    moment = "apres-midi"

    @factory.post_generation
    def organisateurs(self, create, partners, **kwargs):
        if create and partners:
            self.organisations = [EtapeOrganisation(partenaire=partner) for partner in partners]
            self.save()


class CarnetIndexPageFactory(PageFactory):
    class Meta:
        model = CarnetIndexPage

    title = "Carnets de route"
    slug = "carnets"


class CarnetPageFactory(PageFactory):
    class Meta:
        model = CarnetPage

    title = factory.Sequence(lambda n: f"Carnet n° {n}")
    numero = factory.Sequence(lambda n: n)
    date = datetime.date(2013, 6, 1)
