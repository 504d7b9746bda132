"""Template tags and filters that all apps share: JSON-LD, languages, dates, typography, colours, maps that the server draws."""

import json
import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from wagtail.blocks import StreamValue
from wagtail.models import Page

from fiches import content_language, formats
from fiches.models.fields import phone_uri
from fiches.models.querysets import VisibleQuerySet
from fiches.pages import jsonld, outline_map
from fiches.pages.colours import colour
from fiches.pages.page_rows import lines_of_page
from fiches.publications.version import memoize
from fiches.query.facets import parameter_label
from fiches.territoire.territory import territory, territory_words

if TYPE_CHECKING:
    from fiches.models import FichePage


register = template.Library()
register.simple_tag(colour, name="couleur")
register.simple_tag(territory_words)
register.simple_tag(lines_of_page, name="page_rows")
register.simple_tag(outline_map.view_box, name="cadre_de_carte")
register.filter(parameter_label)
register.filter("poids", formats.size)
register.filter(formats.quoted)

APOSTROPHE = re.compile(r"(?<=\w)'(?=[\w«])")
TAG = re.compile(r"<[^>]*>")
BREAKABLE_SPACE = re.compile(r" (?=[:;!?»])|(?<=«) ")
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def site_name() -> str:
    """The name of the site, for mails and other texts without a page around them."""
    return settings.WAGTAIL_SITE_NAME


@register.simple_tag
def json_ld(data: dict[str, Any]) -> str:
    """``data`` in a JSON-LD ``<script>`` element, with ``<``, ``>`` and ``&`` escaped."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))


@register.simple_tag
def own_language() -> str:
    """A ``lang`` attribute for an element in the site's default language; ``""`` if the page is in that language too."""
    own = content_language.default_language()
    return "" if get_language() == own else format_html(' lang="{}"', own)


@register.filter
def in_own_language(text: str) -> str:
    """Translates ``text``, which is in the site's default language, on a page in another one; wraps it in a ``<span lang>`` if no
    catalogue has it (WCAG 3.1.2)."""
    own = content_language.default_language()
    if not text or get_language() == own:
        return text
    return content_language.translation_of(text) or format_html('<span lang="{}">{}</span>', own, text)


@register.inclusion_tag("fiches/_dans_la_langue_du_site.html", takes_context=True)
def more_in_the_sites_language(context: Context, index_page: Page, words: str = "") -> dict[str, Any]:
    """A link to the list in the site's default language, with the number of its pages, where the list has fewer in its own.

    :param words: what announces the link on another page than the list.
    """
    code = content_language.default_language()
    if content_language.active_language() == code or not index_page:
        return {}
    longer_list = memoize(("longer list", index_page.pk), lambda: _longer_list(index_page, code))
    return {
        "request": context.get("request"),
        "words": words,
        "code": code,
        "name": content_language.autonym(code),
        **longer_list,
    }


def _longer_list(index_page: Page, code: str) -> dict[str, Any]:
    visible = VisibleQuerySet(Page).visible()
    same = visible.filter(translation_key=index_page.translation_key)
    version = same.filter(locale=content_language.locale_of(code)).first()
    here, there = (visible.child_of(page).count() if page else 0 for page in (index_page, version))
    return {"version": version, "number": there} if there > here else {}


@register.simple_tag
def fiche_ld(fiche: "FichePage", awards: Any = ()) -> str:
    return json_ld(jsonld.article(fiche, awards or ()))


@register.simple_tag
def text_ld(page: Page) -> str:
    return json_ld(jsonld.text(page))


@register.simple_tag
def trail(page: Page) -> "list[Page]":
    """The pages from the site's root to ``page``, for the breadcrumbs. No query for parents that routing already loaded."""
    steps = [page]
    while steps[0].depth > 2:
        steps.insert(0, steps[0].get_parent())
    return steps


@register.simple_tag(takes_context=True)
def read_itself(context: Context, page: Page) -> bool:
    """Whether the current address is that of ``page`` itself, and not a sub-address of it such as a form."""
    request = context.get("request")
    if request is None or getattr(request, "is_preview", False):
        return True
    address = page.get_url(request)
    return address is None or urlsplit(address).path == request.path


@register.simple_tag
def trail_ld(steps: "list[Page]") -> str:
    return json_ld(jsonld.breadcrumbs(steps))


@register.filter
def insecable(title: str) -> str:
    """``title`` with no-break spaces before « : ; ! ? » » and after an opening quote, and with « ’ » for the typewriter's « ' »."""
    return APOSTROPHE.sub("’", BREAKABLE_SPACE.sub("\u00a0", title or ""))


@register.filter(expects_localtime=True)
def jour(value: date | datetime) -> str:
    """« 1er mars 2027 », for a date or a datetime."""
    return formats.day(value) if value else ""


@register.filter(expects_localtime=True)
def jour_de_semaine(value: date) -> str:
    """« lundi 1er mars 2027 », for a date or a datetime."""
    return formats.day_of_week(value) if value else ""


@register.filter
def heure(value: datetime | time) -> str:
    """« 16 h 30 », for a time or a datetime."""
    return formats.hour(value) if value else ""


@register.filter(expects_localtime=True)
def moment(value: datetime) -> str:
    """« 25 janvier 2027 à 23 h 59 », for a datetime."""
    return formats.moment(value) if value else ""


@register.filter
def tel(number: str) -> str:
    """The ``tel:`` address of a phone number; ``""`` for the invalid text that a draft may hold."""
    try:
        return phone_uri(number)
    except ValidationError:
        return ""


@register.filter
def signes(stream: StreamValue) -> int:
    """The length of a text, by which paper chooses the size of its type: the number of characters in a StreamField's raw data, without tags and identifiers."""
    return sum(_length(block["value"]) for block in stream.raw_data if block.get("value"))


def _length(value: dict[str, Any] | int | str) -> int:
    if isinstance(value, str):
        return len(TAG.sub("", value))
    if isinstance(value, list):
        return sum(map(_length, value))
    if isinstance(value, dict):
        return _length(value["value"]) if value.keys() == {"type", "value", "id"} else sum(map(_length, value.values()))
    return 0


# --- The list of fiches and maps --------------------------------------------------------------------------------------


@register.simple_tag
def tuiles() -> dict[str, str]:
    """The tile server of the settings: ``{"adresse", "attribution"}``, empty if there is none."""
    return {
        "adresse": getattr(settings, "RALLYNOV_TILES_URL", ""),
        "attribution": getattr(settings, "RALLYNOV_TILES_ATTRIBUTION", ""),
    }


@register.filter
def innovations(number: Any) -> Any:
    """« innovation » or « innovations », as many as there are."""
    return ngettext("innovation", "innovations", number)


@register.simple_tag
def fond_de_carte() -> str:
    """The outlines of the départements, as SVG paths."""
    paths = ((departement["trace"],) for departement in outline_map.outlines())
    return format_html_join("", '<path class="carte__land" d="{}"/>', paths)


@register.simple_tag
def cadre_du_territoire() -> str:
    """The territory's box as the maps' scripts read it: ``[[south, west], [north, east]]`` in JSON."""
    south, west, north, east = territory().box
    return json.dumps([[south, west], [north, east]])


@register.inclusion_tag("fiches/_carte_du_lieu.html")
def carte_du_lieu(place: Any) -> dict[str, Any]:
    """A map with the place of one fiche or étape; nothing if its position is unknown."""
    if not place.est_situe:
        return {}
    return {"place": place, "around": outline_map.around(place)}
