"""Creates the demonstration's pages through Wagtail's revisions, and finds them again by their key."""

from django.utils.text import slugify
from wagtail.models import Page

from demo.content import identity
from fiches import content_language
from fiches.territoire.gazetteer import fold

WELCOME = "Welcome to your new Wagtail site!"


def slug_of(text):
    """The slug of a title: ``au-coeur-de-l-ess`` for « au cœur de l'ESS »."""
    return slugify(fold(text))


def is_written():
    """Whether somebody made pages here: the site holds more than its first page."""
    return Page.objects.filter(depth__gt=1).exclude(pk__in=[page.pk for page in untouched_pages()]).exists()


def untouched_pages():
    """The page that Wagtail gave to a new site, as long as nobody changed it."""
    return [
        page for page in Page.objects.filter(depth=2, title=WELCOME) if page.specific_class is Page and page.is_leaf()
    ]


def page_of(key):
    """The demonstration's page ``key`` in the site's own language, or None."""
    page = Page.objects.filter(
        translation_key=identity(key), locale=content_language.locale_of(content_language.default_language())
    ).first()
    return page.specific if page else None


def draft(page, *, parent, key, by):
    """Adds ``page`` under ``parent`` as a draft owned by ``by``, with a revision; returns it."""
    page.translation_key = identity(key)
    page.owner = by
    page.live = False
    page.has_unpublished_changes = True
    page.full_clean(exclude=["path", "depth", "numchild", "url_path", "content_type"])
    parent.add_child(instance=page)
    page.save_revision(user=by, clean=False, log_action=True)
    return page


def publish(page, *, parent, key, by):
    """Adds ``page`` under ``parent`` and publishes it; returns it."""
    draft(page, parent=parent, key=key, by=by)
    page.latest_revision.publish(user=by)
    page.refresh_from_db()
    return page
