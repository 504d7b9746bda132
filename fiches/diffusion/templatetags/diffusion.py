"""Template tags of this app."""

from typing import TYPE_CHECKING

from django import template
from django.template import Context

from fiches.diffusion import opendata
from fiches.diffusion.alerts import question_of
from fiches.diffusion.embeds.oembed import discovery
from fiches.diffusion.paper import pdf
from fiches.pages.page_rows import lines_of_contents
from fiches.templatetags.rallynov import json_ld

if TYPE_CHECKING:
    from fiches.models import FicheIndexPage
    from fiches.query.fiche_filter import FicheFilter


register = template.Library()


@register.simple_tag
def dataset_ld(index_page: "FicheIndexPage") -> str:
    return json_ld(opendata.schema_org(index_page))


register.simple_tag(lines_of_contents, name="paper_rows")


@register.simple_tag
def makes_pdf() -> bool:
    return pdf.is_installed()


@register.simple_tag
def same_question(fiche_filter: "FicheFilter") -> str:
    """Returns the query string of the list shown, without its paging, with ``?``; empty without any filter."""
    query = fiche_filter.querystring(sans=("page", "par_page")) if fiche_filter else ""
    return f"?{query}" if query else ""


@register.simple_tag
def followed_question(fiche_filter: "FicheFilter") -> str:
    """Returns the query string that an alert or a feed follows, with ``?``: the filters of the list shown."""
    query = question_of(fiche_filter)
    return f"?{query}" if query else ""


@register.simple_tag(takes_context=True)
def oembed(context: Context, path: str) -> str:
    """Returns the address of the oEmbed description of the page at ``path``."""
    return discovery(context["request"], path)
