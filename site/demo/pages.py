"""How the demonstration makes a page: once, published through Wagtail's own path, known again by its key."""

from django.utils.text import slugify
from wagtail.models import Page

from demo.content import identity
from fiches import langues
from fiches.territoire.gazetteer import fold


def slug_of(text):
    """The address name of a title: « au cœur de l'ESS » is ``au-coeur-de-l-ess``."""
    return slugify(fold(text))


def found(key):
    """The page made for ``key``, in the site's own language, or None."""
    page = Page.objects.filter(
        translation_key=identity(key), locale=langues.locale_of(langues.default_language())
    ).first()
    return page.specific if page else None


def draft(page, *, parent, key, by):
    """Put ``page`` under ``parent`` as a draft of ``by``, with a revision."""
    page.translation_key = identity(key)
    page.owner = by
    page.live = False
    page.has_unpublished_changes = True
    page.full_clean(exclude=["path", "depth", "numchild", "url_path", "content_type"])
    parent.add_child(instance=page)
    page.save_revision(user=by, clean=False, log_action=True)
    return page


def publish(page, *, parent, key, by):
    """The same, published."""
    draft(page, parent=parent, key=key, by=by)
    page.latest_revision.publish(user=by)
    page.refresh_from_db()
    return page


def place(make, *, parent, key, by):
    """``(page, made)``: the page of ``key`` as staff left it, else made by ``make()`` and published."""
    page = found(key)
    if page:
        return page, False
    return publish(make(), parent=parent, key=key, by=by), True
