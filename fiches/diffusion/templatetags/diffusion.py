"""Tags of what leaves the site."""

from django import template

from fiches.diffusion.alerts.suivis import question_of
from fiches.diffusion.embeds.oembed import discovery
from fiches.diffusion.opendata import data_set
from fiches.pages.page_rows import lines_of_contents
from fiches.templatetags.rallynov import json_ld

register = template.Library()


@register.simple_tag
def dataset_ld(index_page):
    return json_ld(data_set.schema_org(index_page))


register.simple_tag(lines_of_contents, name="paper_rows")


@register.simple_tag
def same_question(found):
    """``?…``: the query shown, whole, without its paging; empty for all the fiches."""
    query = found.querystring(sans=("page", "par_page")) if found else ""
    return f"?{query}" if query else ""


@register.simple_tag
def followed_question(found):
    """``?…``: what an alert or a feed follows of the query shown."""
    query = question_of(found)
    return f"?{query}" if query else ""


@register.simple_tag(takes_context=True)
def oembed(context, path):
    """``{format: address}`` at which the page at ``path`` is described for other sites."""
    return discovery(context["request"], path)
