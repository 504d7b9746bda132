"""The page that a new site has from Wagtail's migrations."""

from wagtail.models import Page

WELCOME = "Welcome to your new Wagtail site!"
PORTS = {"http": 80, "https": 443}


def is_written() -> bool:
    """Whether somebody made pages here: the site holds more than its first page."""
    return Page.objects.filter(depth__gt=1).exclude(pk__in=[page.pk for page in untouched_pages()]).exists()


def untouched_pages() -> list[Page]:
    """The page that Wagtail gave to a new site, as long as nobody changed it."""
    return [
        page for page in Page.objects.filter(depth=2, title=WELCOME) if page.specific_class is Page and page.is_leaf()
    ]
