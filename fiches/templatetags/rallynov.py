"""Tags that our templates share."""

import json
import re
from urllib.parse import urlsplit

from django import template
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from fiches import heures, langues
from fiches.models.block_faults import block_faults
from fiches.models.telephone import phone_uri
from fiches.pages import jsonld
from fiches.pages.page_rows import lines_of_page

register = template.Library()

BEFORE_A_MARK = re.compile(r" (?=[:;!?»])|(?<=«) ")
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def json_ld(data):
    """``data`` as a JSON-LD block: nothing in it can end the element."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))


@register.filter
def faults(field):
    """The messages of a bound field: of a text made of blocks, one for each block's part that is wrong."""
    block = getattr(field.field, "block", None)
    if block is None:
        return list(field.errors)
    return [told for error in field.errors.as_data() for told in block_faults(error, block, field.value())]


@register.simple_tag
def own_language():
    """`` lang="fr"`` for what is written in the site's own language only, where another one is being read."""
    own = langues.own()
    return "" if get_language() == own else format_html(' lang="{}"', own)


@register.filter
def in_own_language(text):
    """``text``, which staff wrote once, marked as such where another language is being read (WCAG 3.1.2)."""
    own = langues.own()
    return format_html('<span lang="{}">{}</span>', own, text) if text and get_language() != own else text


@register.simple_tag
def fiche_ld(fiche, awards=()):
    return json_ld(jsonld.article(fiche, awards or ()))


@register.simple_tag
def text_ld(page):
    return json_ld(jsonld.text(page))


register.simple_tag(lines_of_page, name="page_rows")


@register.simple_tag
def trail(page):
    """The pages from the site's root to ``page``, from those already read on the way to it."""
    steps = [page]
    while steps[0].depth > 2:
        steps.insert(0, steps[0].get_parent())
    return steps


@register.simple_tag(takes_context=True)
def read_itself(context, page):
    """Whether what is read is ``page``, and not a form or an edition below it, from which one goes back to it."""
    request = context.get("request")
    address = None if request is None or getattr(request, "is_preview", False) else page.get_url(request)
    return address is None or urlsplit(address).path == request.path


@register.simple_tag
def trail_ld(steps):
    return json_ld(jsonld.breadcrumbs(steps))


@register.filter
def insecable(title):
    """``title`` as someone typed it, no line of which begins with « : ; ! ? » or ends with an opening quote."""
    return BEFORE_A_MARK.sub("\u00a0", title or "")


@register.filter(expects_localtime=True)
def jour(value):
    """« 1er mars 2027 », of a date or an instant."""
    return heures.day(value) if value else ""


@register.filter(expects_localtime=True)
def jour_de_semaine(value):
    """« lundi 1er mars 2027 »."""
    return heures.day_of_week(value) if value else ""


@register.filter
def heure(value):
    """« 16 h 30 », of a time or an instant."""
    return heures.hour(value) if value else ""


@register.filter(expects_localtime=True)
def moment(value):
    """A day and its hour, as the reader's language writes them."""
    return heures.moment(value) if value else ""


@register.filter
def tel(number):
    """The ``tel:`` address of a stored phone number; nothing for what a draft keeps as it was typed."""
    try:
        return phone_uri(number)
    except ValidationError:
        return ""
