"""The bin: the hidden page below which deleted fiches stay for some time, and a record of each deletion."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PagePermissionTester

from fiches.models.derived_fiches import fiche_models

SLUG = "corbeille-rallynov"
ADDRESS = f"/{SLUG}/"


def is_in_the_bin(page: Page) -> bool:
    """Whether ``page`` is the bin or a deleted fiche. No query."""
    return page.url_path.startswith(ADDRESS)


def in_the_bin() -> Q:
    """The condition on pages that are the bin or deleted fiches. Compares keys only, since Wagtail's search can't filter by
    ``url_path``."""
    deleted = FicheSupprimee.objects.order_by().values("fiche")
    return Q(pk__in=deleted) | Q(pk__in=bins().order_by().values("pk"))


class Corbeille(Page):
    """The parent page of deleted fiches. It is a child of the tree's root, in no site, and nobody has a permission on it.
    Created by `fiches.upkeep.recycle_bin` when the first fiche is deleted. A proxy: its ``objects`` are all pages, :func:`bins` are
    its own."""

    is_creatable = False
    parent_page_types: list[str] = []
    subpage_types = ["rallynov_fiches.FichePage"]

    class Meta:
        proxy = True
        verbose_name = _("bin")

    @classmethod
    def clean_subpage_models(cls) -> Any:
        """The fiche, and the models that a host derives from it."""
        return fiche_models()

    def permissions_for_user(self, user: AbstractUser) -> Any:
        """The permissions of an anonymous user: none."""
        return PagePermissionTester(AnonymousUser(), self)


def bins() -> QuerySet[Corbeille]:
    """The page of the bin; nothing before the first fiche is deleted."""
    return Corbeille.objects.filter(slug=SLUG, depth=2)


class FicheSupprimee(models.Model):
    """A fiche in the bin. Written by `fiches.upkeep.recycle_bin` only.

    ``slug`` and ``parent`` (the key of a page) are its former place; ``attaches`` holds the relations that other apps detached
    and will restore with it.
    """

    fiche = models.OneToOneField("rallynov_fiches.FichePage", on_delete=models.CASCADE, related_name="suppression")
    slug = models.SlugField(max_length=255)
    parent = models.PositiveBigIntegerField()
    attaches = models.JSONField(default=dict)
    supprimee_le = models.DateTimeField(_("deleted on"), default=timezone.now, db_index=True)
    supprimee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("deleted by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-supprimee_le", "-pk"]
        verbose_name = _("deleted fiche")
        verbose_name_plural = _("deleted fiches")
        default_permissions = ()
        permissions = [("gerer_donnees_personnelles", _("Find, export and erase a person’s data"))]

    def __str__(self) -> str:
        return self.fiche.draft_title
