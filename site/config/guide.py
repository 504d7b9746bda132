"""Shows the editors' guide (docs/redaction.md), with its images, in the admin."""

from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import path
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

TEXT = settings.BASE_DIR / "docs" / "redaction.md"


class Guide(NamedTuple):
    """The guide as HTML, without its title. ``chapters``: ``{anchor: title}`` of its headings of level 2."""

    title: str
    html: SafeString
    chapters: dict[str, str]


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    rendered = read()
    context = {"guide": rendered, "breadcrumbs_items": [{"url": "", "label": rendered.title}]}
    return render(request, "guide/guide.html", context)


@cache
def read() -> Guide:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(TEXT.read_text(encoding="utf-8"))
    chapters = {}
    for opening, inline in zip(tokens, tokens[1:], strict=False):
        if opening.type == "heading_open":
            opening.attrSet("id", slugify(inline.content))
            if opening.tag == "h2":
                chapters[slugify(inline.content)] = inline.content
    for image in (child for token in tokens for child in token.children or () if child.type == "image"):
        image.attrSet("src", static(f"guide/{str(image.attrGet('src')).removeprefix('images/')}"))
        image.attrSet("loading", "lazy")
    rendered: Any = markdown.renderer.render(tokens[3:], markdown.options, {})  # without the title
    return Guide(tokens[1].content, mark_safe(rendered), chapters)  # noqa: S308 - our own file, without raw HTML


urlpatterns = [path("guide/", guide, name="guide")]
