"""Pages tell of themselves: drafts tell nothing."""

from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from fiches import langues
from fiches.dependances import ETAPES, FICHES, PAGES, of_page
from fiches.diffusion import journal
from fiches.diffusion.reponses.changements import everything, tell
from fiches.ecriture import rewritten
from fiches.generation import shown
from fiches.recherche.page import ONLY_DRAFTS
from fiches.retrait import gone

DEEP = 4
"""Below the home page and the lists."""
KINDS = {"fiches": FICHES, "etapes": ETAPES}


def tell_page(page):
    tell({of_page(page.pk), KINDS.get(page._meta.app_label, PAGES)})
    if langues.several():
        _tell_translations(page)


def _tell_translations(page):
    """Each page names the languages in which it exists; menus in another language show what exists in it."""
    if langues.language_of(page) != langues.own() and page.depth < DEEP:
        everything()
    else:
        tell({of_page(pk) for pk in langues.keys_of_translations([page.pk])})


@receiver(pre_save)
def _page_about_to_be_saved(sender, instance, raw=False, update_fields=None, **kwargs):
    """A page that is no longer live may have been."""
    if issubclass(sender, Page) and instance.pk and not instance.live and not _is_draft(update_fields):
        instance._was_live = Page.objects.filter(pk=instance.pk, live=True).exists()


@receiver(post_save)
def _page_saved(sender, instance, raw=False, update_fields=None, **kwargs):
    if not issubclass(sender, Page) or _is_draft(update_fields):
        return
    if instance.live or instance.__dict__.pop("_was_live", False):
        tell_page(instance)


def _is_draft(update_fields):
    return update_fields is not None and set(update_fields) <= ONLY_DRAFTS


@receiver([page_published, page_unpublished])
def _page_published(sender, instance, **kwargs):
    """Also told of a live page that is about to be deleted."""
    tell_page(instance)


@receiver([post_page_move, page_slug_changed])
def _branch_moved(sender, **kwargs):
    """The addresses of a whole branch, and every link to them."""
    everything()


@receiver(journal.changed)
def _pages_changed(sender, nature, pks, **kwargs):
    """What is told of them changed: a picture, a record, the places left, a prize."""
    tell({of_page(pk) for pk in pks})


@receiver([rewritten, shown, gone])
def _pages_changed_at_once(sender, pks, **kwargs):
    if issubclass(sender, Page):
        tell({KINDS.get(sender._meta.app_label, PAGES), *(of_page(pk) for pk in pks)})
