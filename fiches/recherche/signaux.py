"""When the search table is written: whatever makes a fiche appear, change or disappear comes through here."""

from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import post_page_move

from fiches.ecriture import rewritten
from fiches.models import Critere, Edition, FichePage, Ligne, MotCle, Partenaire
from fiches.recherche.indexation import forget_fiches, index_fiches
from fiches.recherche.page import saved

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


@receiver([post_save, post_delete], sender=PageViewRestriction)
def _restriction_changed(sender, instance, **kwargs):
    _index_branch(instance.page_id)


def _index_branch(pk):
    path = Page.objects.filter(pk=pk).values_list("path", flat=True).first()
    if path:  # else the page itself is being deleted
        index_fiches(FichePage.objects.filter(path__startswith=path).values_list("pk", flat=True))


@receiver(rewritten)
def _rows_rewritten(sender, pks, **kwargs):
    if sender is FichePage:
        index_fiches(pks)
    elif sender in NAMED:
        named = FichePage.objects.filter(**{f"{NAMED[sender]}__in": pks})
        index_fiches(named.values_list("pk", flat=True))


def _fiches_that_name(record):
    return FichePage.objects.filter(**{NAMED[type(record)]: record.pk}).values_list("pk", flat=True)


@receiver(post_save)
def _name_changed(sender, instance, created, raw=False, **kwargs):
    if sender in NAMED and not raw and not created:
        index_fiches(_fiches_that_name(instance))


@receiver(pre_delete)
def _name_about_to_go(sender, instance, **kwargs):
    if sender in NAMED:
        instance._named_by = list(_fiches_that_name(instance))


@receiver(post_delete)
def _name_gone(sender, instance, **kwargs):
    if sender in NAMED:
        index_fiches(instance._named_by)
