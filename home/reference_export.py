"""Exports references as BibTeX and CSL-JSON."""

import re
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils.text import slugify

from fiches.territoire.gazetteer import fold
from home.models.reference import Reference, by_author

BIBTEX_TYPES = {
    "book": "book",
    "chapter": "incollection",
    "article-journal": "article",
    "report": "techreport",
    "thesis": "phdthesis",
    "webpage": "misc",
}
# Fields of the container (journal, book) and of the publisher, by BibTeX type.
BIBTEX_FIELDS = {"article": ("journal", "publisher"), "incollection": ("booktitle", "publisher")}
BIBTEX_PUBLISHERS = {"techreport": "institution", "phdthesis": "school"}
LATEX_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
SPACES = re.compile(r"\s+")


def line(text: Any) -> str:
    """``text`` on one line, without control characters."""
    return SPACES.sub(" ", "".join(sign for sign in str(text) if sign.isprintable() or sign.isspace())).strip()


def names(reference: Reference) -> list[Any]:
    """Returns ``[(family, given)]``; an organisation has no given name."""
    parts = (author.partition(",") for author in reference.liste_des_auteurs)
    return [(line(family), line(given)) for family, _comma, given in parts]


# --- BibTeX -----------------------------------------------------------------------------------------------------------


def bibtex(references: list[Reference]) -> str:
    """Returns BibTeX entries with unique keys."""
    return "\n".join(_entry(key, each) for key, each in zip(keys(references), references, strict=True))


def keys(references: list[Reference]) -> Any:
    """Returns a unique ASCII key per reference: « besancon2013 », « besancon2013-2 »."""
    seen: dict[str, int] = {}
    unique = []
    for each in references:
        family = names(each)[0][0] if names(each) else each.titre
        stem = f"{slugify(fold(family)).replace('-', '')[:30] or 'reference'}{each.annee or ''}"
        seen[stem] = seen.get(stem, 0) + 1
        unique.append(stem if seen[stem] == 1 else f"{stem}-{seen[stem]}")
    return unique


def _entry(key: str, reference: Reference) -> str:
    kind = BIBTEX_TYPES[reference.type]
    container, publisher = BIBTEX_FIELDS.get(kind, ("howpublished", BIBTEX_PUBLISHERS.get(kind, "publisher")))
    fields = {
        "author": " and ".join(map(_author, names(reference))),
        "title": escaped(reference.titre),
        container: escaped(reference.revue),
        publisher: escaped(reference.editeur),
        "year": str(reference.annee or ""),
        "doi": verbatim(reference.doi),
        "url": verbatim(reference.adresse),
        "language": line(reference.langue),
        "note": escaped(reference.note),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _author(name: tuple[str, str]) -> str:
    """Formats an author. Braces protect an organisation's name and a part that contains “and”, BibTeX's separator."""
    family, given = name
    parts = [f"{{{escaped(part)}}}" if " and " in f" {part} " else escaped(part) for part in (family, given)]
    return ", ".join(parts) if given else f"{{{escaped(family)}}}"


def escaped(text: str) -> str:
    """Escapes LaTeX's special characters."""
    return "".join(LATEX_ESCAPES.get(sign, sign) for sign in line(text))


def verbatim(address: str) -> str:
    """Formats a URL or DOI, which BibTeX does not escape; percent-encodes braces, which would end the field."""
    return line(address).replace("{", "%7B").replace("}", "%7D").replace(" ", "%20").replace("\\", "%5C")


# --- CSL-JSON ---------------------------------------------------------------------------------------------------------


def csl(references: list[Reference]) -> bytes:
    """Returns a CSL-JSON array (bytes)."""
    items = [_item(key, each) for key, each in zip(keys(references), references, strict=True)]
    return orjson.dumps(items, option=orjson.OPT_INDENT_2)


def _item(key: str, reference: Reference) -> dict[str, str]:
    item: dict[str, Any] = {
        "id": key,
        "type": reference.type,
        "title": line(reference.titre),
        "author": [{"family": f, "given": g} if g else {"literal": f} for f, g in names(reference)],
        "issued": {"date-parts": [[reference.annee]]} if reference.annee else None,
        "publisher": line(reference.editeur),
        "container-title": line(reference.revue),
        "DOI": line(reference.doi),
        "URL": line(reference.adresse),
        "language": line(reference.langue),
        "note": line(reference.note),
    }
    return {name: value for name, value in item.items() if value}


# --- The files --------------------------------------------------------------------------------------------------------

FORMATS = {
    "bib": (bibtex, "application/x-bibtex; charset=utf-8"),
    "json": (csl, "application/vnd.citationstyles.csl+json"),
}


def export(extension: str) -> HttpResponse:
    """Returns all references as a file."""
    make, content_type = FORMATS[extension]
    response = HttpResponse(make(by_author()), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="bibliographie.{extension}"'
    return response
