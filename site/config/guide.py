"""Shows the editors' guide (docs/redaction.md), with its images, in the admin; links each screen to its task."""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

DOCS = settings.BASE_DIR / "docs"
IMAGES = DOCS / "images"
IMAGE_SIZE = ("1280", "800")
IMAGE_PATH = re.compile(r"images/([a-z0-9-]+\.png)")


# The task of the guide that each screen of the admin is about: by the name of its URL, or by the model of the page that it edits.
TASKS_OF_URLS = {
    "fiches_admin:index": "ecrire-une-fiche",
    "fiches_innovation": "relire-et-decider",
    "dossiers:index": "relire-et-decider",
    "dossiers:detail": "relire-et-decider",
    "fiches_imports": "importer-un-tableau",
    "fiches_import": "importer-un-tableau",
    "fiches_import_annuler": "importer-un-tableau",
    "etapes_admin:index": "annoncer-une-etape",
    "carnets_envoi": "envoyer-un-carnet-de-route",
}
TASKS_OF_PAGES = {
    "fichepage": "ecrire-une-fiche",
    "etapepage": "annoncer-une-etape",
    "carnetpage": "envoyer-un-carnet-de-route",
}


class Chapter(NamedTuple):
    anchor: str
    title: str


class Guide(NamedTuple):
    title: str
    html: SafeString
    chapters: list[Chapter]


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    rendered = read((DOCS / "redaction.md").stat().st_mtime_ns)
    context = {"guide": rendered, "breadcrumbs_items": [{"url": "", "label": rendered.title}]}
    return render(request, "guide/guide.html", context)


def task_of(url_name: str, model_name: str) -> str:
    """Returns the anchor of the task that a screen is about; ``""`` if there is none.

    :param url_name: the name of its URL, with its namespace.
    :param model_name: the model of the page that the screen edits, ``""`` for other screens.
    """
    return TASKS_OF_URLS.get(url_name) or TASKS_OF_PAGES.get(model_name, "")


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
    tokens = markdown.parse((DOCS / "redaction.md").read_text(encoding="utf-8"))
    chapters = [
        chapter for opening, inline in zip(tokens, tokens[1:], strict=False) if (chapter := _chapter(opening, inline))
    ]
    for token in tokens:
        for child in token.children or ():
            _rewrite_image(child)
    rendered: Any = markdown.renderer.render(tokens[3:], markdown.options, {})  # without the title
    return Guide(tokens[1].content, mark_safe(rendered), chapters)  # noqa: S308 - our own files, without raw HTML


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
        for side, pixels in zip(("width", "height"), IMAGE_SIZE, strict=True):
            token.attrSet(
                side, pixels
            )  # the task that a screen leads to stays in place while the pictures above it come


urlpatterns = [
    path("guide/", guide, name="guide"),
    path("guide/images/<slug:name>.png", picture, name="guide_image"),
]
