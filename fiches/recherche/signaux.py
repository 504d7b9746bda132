"""When the search table is written: whatever makes a fiche appear, change or disappear comes through here."""

from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.images import get_image_model
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import post_page_move

from fiches.ecriture import rewritten
from fiches.models import Critere, Dimension, Edition, FichePage, Ligne, MotCle, Partenaire, Synonyme
from fiches.recherche.indexation import forget_fiches, index_fiches
from fiches.recherche.page import ONLY_DRAFTS, saved
from fiches.version import touch, touched_by

NAMED = {
    Critere: "fiche_criteres__tag",
    MotCle: "fiche_mots_cles__tag",
    Partenaire: "partenaire",
    Edition: "edition",
}
"""Records whose names are among a fiche's words, and how a fiche leads to them."""


@receiver(saved, sender=FichePage)
def _fiche_saved(sender, instance, **kwargs):
    """Published, unpublished, or saved live by code; a draft that was never live concerns nobody."""
    if instance.live or Ligne.objects.filter(pk=instance.pk).exists():
        index_fiches([instance.pk])


@receiver(pre_delete, sender=FichePage)
def _fiche_deleted(sender, instance, **kwargs):
    forget_fiches([instance.pk])


@receiver(post_page_move)
def _branch_moved(sender, instance, **kwargs):
    _index_branch(instance.pk)
    touch()


@receiver([post_save, post_delete], sender=PageViewRestriction)
def _restriction_changed(sender, instance, **kwargs):
    _index_branch(instance.page_id)
    touch()


@receiver([post_save, post_delete])
def _other_page_written(sender, update_fields=None, raw=False, **kwargs):
    """Addresses, titles and menus rest on the other pages."""
    is_other = issubclass(sender, Page) and not issubclass(sender, FichePage)
    if is_other and not raw and (update_fields is None or not set(update_fields) <= ONLY_DRAFTS):
        touch()


def _index_branch(pk):
    path = Page.objects.filter(pk=pk).values_list("path", flat=True).first()
    if path:  # else the page itself is being deleted
        index_fiches(FichePage.objects.filter(path__startswith=path).values_list("pk", flat=True))


@receiver(rewritten)
def _rows_rewritten(sender, pks, **kwargs):
    if sender is FichePage:
        index_fiches(pks)
        return
    if sender in NAMED:
        named = FichePage.objects.filter(**{f"{NAMED[sender]}__in": pks})
        index_fiches(named.values_list("pk", flat=True))
    touch()


def _fiches_that_name(record):
    return FichePage.objects.filter(**{NAMED[type(record)]: record.pk}).values_list("pk", flat=True)


@receiver(post_save)
def _name_changed(sender, instance, created, raw=False, **kwargs):
    if sender in NAMED and not raw:
        index_fiches([] if created else _fiches_that_name(instance))
        touch()


@receiver(pre_delete)
def _name_about_to_go(sender, instance, **kwargs):
    if sender in NAMED:
        instance._named_by = list(_fiches_that_name(instance))


@receiver(post_delete)
def _name_gone(sender, instance, **kwargs):
    if sender in NAMED:
        index_fiches(instance._named_by)
        touch()


@receiver(post_save, sender=get_image_model())
@receiver(post_delete, sender=get_image_model())
def _picture_changed(sender, created=False, raw=False, **kwargs):
    """Lists show it. A new one is shown nowhere yet."""
    if not created and not raw:
        touch()


touched_by(Dimension, Synonyme, Site)
