"""The editors' guide (docs/redaction.md) inside the admin, with its pictures: one text for the project and for who writes."""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

GUIDE = settings.BASE_DIR / "docs" / "redaction.md"
IMAGES = settings.BASE_DIR / "docs" / "images"
OURS = re.compile(r"images/([a-z0-9-]+\.png)")


class Chapter(NamedTuple):
    anchor: str
    title: str


class Guide(NamedTuple):
    html: SafeString
    chapters: list[Chapter]


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    written = read(GUIDE.stat().st_mtime_ns)
    breadcrumbs = [{"url": "", "label": _("Editors' guide")}]
    context = {"guide": written, "breadcrumbs_items": breadcrumbs}
    return render(request, "guide/guide.html", context)


@require_safe
@cache_control(private=True, max_age=3600)
def picture(request: HttpRequest, name: str) -> FileResponse:
    file = IMAGES / f"{name}.png"
    if not file.is_file():
        raise Http404
    return FileResponse(file.open("rb"), content_type="image/png")


@lru_cache(maxsize=1)
def read(version: int) -> Guide:
    """The guide as HTML, its title left to the page; ``version`` is when the file last changed."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(GUIDE.read_text(encoding="utf-8"))
    chapters = [
        chapter for opening, inline in zip(tokens, tokens[1:], strict=False) if (chapter := _head(opening, inline))
    ]
    for token in tokens:
        for child in token.children or ():
            _point_to_us(child)
    written: Any = markdown.renderer.render(_after_the_title(tokens), markdown.options, {})
    return Guide(mark_safe(written), chapters)  # noqa: S308 - our own file, without raw HTML


def _head(opening: Token, inline: Token) -> Chapter | None:
    """Gives a heading its anchor; those of level 2 are chapters."""
    if opening.type != "heading_open":
        return None
    chapter = Chapter(slugify(inline.content), inline.content)
    opening.attrSet("id", chapter.anchor)
    return chapter if opening.tag == "h2" else None


def _point_to_us(token: Token) -> None:
    found = OURS.fullmatch(str(token.attrGet("src") or "")) if token.type == "image" else None
    if found:
        token.attrSet("src", reverse("guide_image", args=[found[1].removesuffix(".png")]))
        token.attrSet("loading", "lazy")


def _after_the_title(tokens: list[Token]) -> list[Token]:
    return tokens[3:] if tokens and tokens[0].tag == "h1" else tokens


urlpatterns = [
    path("guide/", guide, name="guide"),
    path("guide/images/<slug:name>.png", picture, name="guide_image"),
]
