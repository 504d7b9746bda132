"""Detects content that is not the demonstration's: it is never loaded into a database that has some."""

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from demo.accounts import USERNAMES
from demo.content import carnet_keys, example_keys, identity
from etapes.carnets.models import CarnetPage
from etapes.models import EtapePage
from fiches.models import FichePage

WELCOME = "Welcome to your new Wagtail site!"
EXAMPLES = (FichePage, EtapePage, CarnetPage)


def foreign_pages():
    """The pages that are not the demonstration's, nor examples, nor Wagtail's unedited welcome page."""
    ours = [identity(key) for key in [*carnet_keys(), *example_keys()]]
    pages = Page.objects.filter(depth__gt=1).exclude(translation_key__in=ours)
    for model in EXAMPLES:
        pages = pages.exclude(pk__in=model.objects.filter(exemple=True).values("pk"))
    welcome = welcome_page()
    return pages.exclude(pk=welcome.pk) if welcome else pages


def welcome_page():
    """The welcome page of a new Wagtail site if it is unedited, else None."""
    page = Page.objects.filter(depth=2, title=WELCOME, numchild=0, latest_revision=None).first()
    return page if page and page.specific_class is Page else None


def foreign_users(*, started):
    """The accounts that are not the demonstration's; all accounts if the demonstration was never loaded (``started``)."""
    users = get_user_model().objects.order_by("pk")
    return users.exclude(username__in=USERNAMES) if started else users


def foreign_content(*, started):
    """The foreign pages and accounts in words; "" if there are none."""
    pages, users = foreign_pages(), foreign_users(started=started)
    parts = []
    if count := pages.count():
        first = pages.order_by("path").first().title
        message = ngettext("%(count)s page (“%(first)s”)", "%(count)s pages (“%(first)s”…)", count)
        parts.append(message % {"count": count, "first": first})
    if count := users.count():
        first = users.first().get_username()
        message = ngettext("%(count)s account (%(first)s)", "%(count)s accounts (%(first)s…)", count)
        parts.append(message % {"count": count, "first": first})
    return _(" and ").join(parts)
