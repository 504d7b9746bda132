"""A fiche as Markdown (``fiche.md``), and the site's ``llms.txt`` (llmstxt.org), for language models and other programs."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import orjson
from bs4 import BeautifulSoup, NavigableString
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from fiches import content_language
from fiches.diffusion.opendata.licence import LICENCE, attribution
from fiches.formats import quoted
from fiches.models.champs import champs_with
from fiches.models.declaration import ValueKind
from fiches.pages.page_rows import own_lines_of_contents
from fiches.publications import ledger

if TYPE_CHECKING:
    from fiches.models import FichePage


MARKDOWN = "text/markdown; charset=utf-8"
SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")
SPACES = re.compile(r"\s+")


def escaped(text: str) -> str:
    """Escapes the characters of ``text`` that have a meaning in Markdown, and puts it on one line."""
    return SPECIAL.sub(r"\\\1", SPACES.sub(" ", str(text)))


def from_html(markup: str) -> str:
    """Converts the HTML of a fiche's body to Markdown; unknown tags are replaced by their text."""
    parts = (_block(node) for node in BeautifulSoup(markup, "html.parser").children)
    return "\n\n".join(part for part in parts if part.strip())


def _block(node: Any) -> str:
    if isinstance(node, NavigableString):
        return escaped(node).strip()
    if node.name in ("h2", "h3", "h4"):
        return f"{'#' * int(node.name[1])} {_inline(node)}"
    if node.name in ("ul", "ol"):
        marks = (f"{number}." if node.name == "ol" else "-" for number in range(1, 1000))
        items = node.find_all("li", recursive=False)
        return "\n".join(f"{mark} {_inline(item)}" for item, mark in zip(items, marks, strict=False))
    if node.name == "blockquote":
        return "\n>\n".join(f"> {_inline(child)}" for child in node.find_all(recursive=False))
    if node.name == "figure":
        return _figure(node)
    return _inline(node)


def _figure(node: Any) -> Any:
    picture, caption = node.find("img"), node.find("figcaption")
    words = f"\n\n*{_inline(caption)}*" if caption else ""
    return f"![{escaped(picture['alt'])}]({picture['src']}){words}" if picture else words.strip()


def _inline(node: Any) -> str:
    if isinstance(node, NavigableString):
        return escaped(node)
    text = "".join(map(_inline, node.children))
    if not text.strip():
        return " " if node.name == "br" else text
    if node.name in ("b", "strong"):
        return f"**{text.strip()}**"
    if node.name in ("i", "em"):
        return f"*{text.strip()}*"
    if node.name == "a" and node.get("href"):
        return f"[{text.strip()}]({node['href']})"
    return text


def fiche_text(fiche: dict[str, Any]) -> str:
    """Returns a fiche as Markdown, from its API contents."""
    parts = [f"# {quoted(escaped(fiche['titre']))}"]
    if fiche["exemple"]:
        parts.append(f"**{_('Example: this organisation does not exist.')}**")
    if fiche["chapo"]:
        parts.append(f"> {escaped(fiche['chapo'])}")
    parts.append("\n".join(f"- {label}{_(':')} {value}" for label, value in _facts(fiche) if value))
    if fiche["photo"]:
        parts.append(f"![{escaped(fiche['photo']['alt'])}]({fiche['photo']['tailles']['grande']['url']})")
    parts.append(from_html(fiche["texte_html"]))
    parts.append(f"{_('Source')}{_(':')} {attribution()}, <{fiche['url']}> – {LICENCE}")
    return "\n\n".join(filter(None, parts)) + "\n"


def _facts(fiche: Any) -> Iterator[tuple[str, int | str | None]]:
    for champ in champs_with("in_markdown"):
        if champ.kind is ValueKind.CRITERIA:
            for dimension in fiche["grille"]:
                yield escaped(content_language.in_active_language(dimension["nom"])), _named(dimension["criteres"])
        else:
            yield champ.in_markdown.label or champ.title, _fact(fiche, champ)
    for line in own_lines_of_contents(fiche):
        yield escaped(line.label), f"<{line.value}>" if line.is_link else escaped(line.value)


def _fact(fiche: Any, champ: Any) -> Any:
    """Returns the value of a field as text."""
    value = fiche[champ.key.label_key or champ.key_name]
    if champ.kind is ValueKind.COMMUNE and value:
        return escaped(f"{value} ({fiche['departement_nom']})")
    if champ.kind is ValueKind.KEYWORDS:
        return escaped(", ".join(value))
    if champ.kind is ValueKind.PARTNER:
        return escaped(value["nom"]) if value else ""
    if champ.kind is ValueKind.FUNDERS:
        return _named(value)
    if champ.kind is ValueKind.LINK:
        return value and f"<{value}>"
    return value if champ.kind is ValueKind.NUMBER else escaped(value)


def _named(things: list[Any]) -> str:
    return escaped(", ".join(content_language.in_active_language(thing["nom"]) for thing in things))


def fiche_md(fiche: "FichePage", request: HttpRequest) -> HttpResponse:
    """View: a public fiche as Markdown; 404 for any other."""
    text = ledger.contents("fiche", [fiche.pk]).get(fiche.pk)
    if not text:
        raise Http404
    response = HttpResponse(fiche_text(orjson.loads(text)), content_type=MARKDOWN)
    response["Link"] = f'<{fiche.full_url}>; rel="canonical"'
    return response


def llms_txt(request: HttpRequest) -> HttpResponse:
    """View: ``llms.txt``: what the site holds, and the addresses of its data."""
    from fiches.models import FicheIndexPage

    lines = [f"# {settings.WAGTAIL_SITE_NAME}", "", f"> {attribution()}. {LICENCE}", ""]
    for index in FicheIndexPage.objects.visible().here():
        url = index.full_url
        lines += [
            f"## {index.title}",
            "",
            _("Each innovation is a page; add `fiche.md` to its address for its text in Markdown."),
            "",
            f"- [{_('All the innovations')}]({url}donnees.json): {_('one row each, as JSON')}",
            f"- [CSV]({url}donnees.csv), [GeoJSON]({url}donnees.geojson), [Atom]({url}flux.atom)",
            f"- [{_('Meaning of the columns')}]({url}donnees/), [Table Schema]({url}schema.json), [DCAT]({url}donnees.jsonld)",
        ]
    api = request.build_absolute_uri(reverse("api_partenaires:openapi"))
    lines += ["", "## API", "", f"- [OpenAPI 3.1]({api})", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
