"""JSON-LD of pages, in the vocabulary of schema.org."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils import timezone
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.models import Page

from fiches import content_language
from fiches.models.revisions import introduction_of, own_value

if TYPE_CHECKING:
    from fiches.models import FichePage, Localisable, Partenaire

CONTEXT = "https://schema.org"
# The rendition of the largest size of a photo on a page, as in the templates.
SHOWN = "format-jpeg|width-1216"


def without_blanks(data: dict[str, Any]) -> dict[str, Any]:
    """``data`` without the keys whose value is empty."""
    return {key: value for key, value in data.items() if value not in ("", None, [], {})}


def breadcrumbs(trail: Iterable[Page]) -> dict[str, Any]:
    """A ``BreadcrumbList`` of the pages from the site's root to the one shown."""
    items = [
        {"@type": "ListItem", "position": position, "name": page.title, "item": page.full_url}
        for position, page in enumerate(trail, start=1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def organization(partenaire: "Partenaire") -> dict[str, Any]:
    """An ``Organization`` for a partner, without its contact person."""
    return without_blanks(
        {
            "@type": "Organization",
            "name": partenaire.nom,
            "alternateName": partenaire.sigle if partenaire.sigle != partenaire.nom else "",
            "url": partenaire.site,
        }
    )


def place(located: "Localisable", *, name: str = "") -> dict[str, Any]:
    """A ``Place``: the address, and the coordinates if the position is known."""
    address = without_blanks(
        {
            "@type": "PostalAddress",
            "streetAddress": located.adresse,
            "postalCode": located.code_postal,
            "addressLocality": located.commune.nom if located.commune else "",
            "addressCountry": "FR",
        }
    )
    geo = {"@type": "GeoCoordinates", "latitude": located.latitude, "longitude": located.longitude}
    return without_blanks(
        {"@type": "Place", "name": name, "address": address, "geo": geo if located.latitude is not None else None}
    )


def article(fiche: "FichePage", awards: Iterable[object] = ()) -> dict[str, Any]:
    """An ``Article`` for a fiche, with the contact details that may be shown.

    :param awards: its published prizes; ``str()`` gives their text.
    """
    contact = fiche.contact_public
    about = {
        "@type": "Organization",
        "name": fiche.organisation,
        "url": fiche.site,
        "telephone": contact.get("telephone"),
        "email": contact.get("courriel"),
        "location": place(fiche) if fiche.commune_id else None,
    }
    return without_blanks(
        {
            "@context": CONTEXT,
            "@type": "Article",
            "headline": fiche.title,
            "description": fiche.chapo,
            "url": fiche.full_url,
            "inLanguage": content_language.language_of(fiche),
            "image": picture_url(fiche),
            "author": organization_named(fiche.organisation, fiche.site),
            **published(fiche),
            "about": without_blanks(about),
            "award": [str(award) for award in awards],
            "keywords": fiche.noms_des_mots_cles,
            "sponsor": [organization(funding.partenaire) for funding in fiche.credits],
        }
    )


def text(page: Any) -> dict[str, Any]:
    """An ``Article`` for a page whose author is the site itself: a road book, an editorial page."""
    site = urljoin(page.full_url or "", "/")
    return without_blanks(
        {
            "@context": CONTEXT,
            "@type": "Article",
            "headline": page.title,
            "description": page.search_description or introduction_of(page),
            "url": page.full_url,
            "inLanguage": content_language.language_of(page),
            "image": picture_url(page),
            "author": organization_named(settings.WAGTAIL_SITE_NAME, site),
            **published(page),
        }
    )


def published(page: Page) -> dict[str, Any]:
    """The properties of publication: ``publisher``, ``datePublished``, ``dateModified``."""
    return {
        "publisher": organization_named(settings.WAGTAIL_SITE_NAME, urljoin(page.full_url or "", "/")),
        "datePublished": local_iso(page.first_published_at),
        "dateModified": local_iso(page.last_published_at),
    }


def organization_named(name: str, site: str) -> dict[str, Any]:
    return without_blanks({"@type": "Organization", "name": name, "url": site})


def picture_url(page: Any) -> str:
    """The address of the largest rendition of the page's photo; ``""`` without a photo, or if its file is missing."""
    photo = own_value(page, "photo")
    rendition = photo and get_rendition_or_not_found(photo, SHOWN)
    return urljoin(page.full_url or "", rendition.url) if rendition and rendition.pk else ""


def local_iso(moment: datetime | None) -> str | None:
    """A datetime in ISO 8601 with the offset of the current time zone; None for None."""
    return None if moment is None else timezone.localtime(moment).isoformat(timespec="seconds")
