"""Shows the editors' guide (docs/redaction.md), with its images, in the admin."""

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
IMAGE_PATH = re.compile(r"images/([a-z0-9-]+\.png)")


class Chapter(NamedTuple):
    anchor: str
    title: str


class Guide(NamedTuple):
    html: SafeString
    chapters: list[Chapter]


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    rendered = read(GUIDE.stat().st_mtime_ns)
    breadcrumbs = [{"url": "", "label": _("Editors' guide")}]
    context = {"guide": rendered, "breadcrumbs_items": breadcrumbs}
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
    """Renders the guide to HTML, without its title. ``version``: the file's modification time, the key of the cache."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(GUIDE.read_text(encoding="utf-8"))
    chapters = [
        chapter for opening, inline in zip(tokens, tokens[1:], strict=False) if (chapter := _chapter(opening, inline))
    ]
    for token in tokens:
        for child in token.children or ():
            _rewrite_image(child)
    rendered: Any = markdown.renderer.render(_without_title(tokens), markdown.options, {})
    return Guide(mark_safe(rendered), chapters)  # noqa: S308 - our own file, without raw HTML


def _chapter(opening: Token, inline: Token) -> Chapter | None:
    """Sets the ``id`` of a heading; returns a chapter for one of level 2."""
    if opening.type != "heading_open":
        return None
    chapter = Chapter(slugify(inline.content), inline.content)
    opening.attrSet("id", chapter.anchor)
    return chapter if opening.tag == "h2" else None


def _rewrite_image(token: Token) -> None:
    """Points an image of the guide to :func:`picture`."""
    match = IMAGE_PATH.fullmatch(str(token.attrGet("src") or "")) if token.type == "image" else None
    if match:
        token.attrSet("src", reverse("guide_image", args=[match[1].removesuffix(".png")]))
        token.attrSet("loading", "lazy")


def _without_title(tokens: list[Token]) -> list[Token]:
    return tokens[3:] if tokens and tokens[0].tag == "h1" else tokens


urlpatterns = [
    path("guide/", guide, name="guide"),
    path("guide/images/<slug:name>.png", picture, name="guide_image"),
]
