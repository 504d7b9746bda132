"""The open data set: its page for people, and its description for search engines (schema.org)."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fiches import content_language
from fiches.diffusion.opendata import fiche_table, licence
from fiches.diffusion.opendata.geojson import file_name
from fiches.models import FichePage
from fiches.publications import ledger
from fiches.territoire.territory import territory, territory_words

if TYPE_CHECKING:
    from fiches.models import FicheIndexPage


MEDIA = {"csv": "text/csv", "geojson": "application/geo+json"}


def files(index_page: "FicheIndexPage") -> Any:
    """Returns ``[(extension, media type, address)]`` of the files that hold all the fiches."""
    return [(extension, kind, f"{index_page.full_url}donnees.{extension}") for extension, kind in MEDIA.items()]


def name() -> str:
    return _("Social innovations %(in_territory)s") % territory_words()


def about(index_page: "FicheIndexPage") -> str:
    """Returns a sentence that describes the data set: the page's introduction, or the attribution if it has none."""
    return index_page.introduction or licence.attribution()


def schema_org(index_page: "FicheIndexPage") -> dict[str, str]:
    """Returns the schema.org ``Dataset`` for search engines."""
    url = index_page.full_url
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": name(),
        "description": about(index_page),
        "url": f"{url}donnees/",
        "identifier": url,
        "inLanguage": content_language.language_of(index_page),
        "isAccessibleForFree": True,
        "license": licence.URL,
        "creator": {"@type": "Organization", "name": licence.attribution(), "url": index_page.get_url_parts()[1]},
        "spatialCoverage": {"@type": "Place", "name": territory().area.nom},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"{file_name()}.{extension}",
                "encodingFormat": kind,
                "contentUrl": address,
            }
            for extension, kind, address in files(index_page)
        ],
    }


def page(index_page: "FicheIndexPage", request: HttpRequest) -> HttpResponse:
    """View: the page of the data set: its files, the meaning of each column, the licence and attribution."""
    context = {
        "liste": index_page,
        "nom": name(),
        "description": about(index_page),
        "attribution": licence.attribution(),
        "licence": licence.URL,
        "nombre": FichePage.objects.visible().here(content_language.language_of(index_page)).count(),
        "mise_a_jour": ledger.last_change(),
        "fichiers": [(extension.upper(), address) for extension, _kind, address in files(index_page)],
        "colonnes": [{**column, "contraintes": _rules(column)} for column in fiche_table.columns()],
        "donnees": schema_org(index_page),
    }
    return render(request, "diffusion/donnees.html", context)


def _rules(column: dict[str, Any]) -> str:
    """Returns a column's constraints in words: « always given ; one of: a, b »."""
    rules = column.get("constraints", {})
    phrases = {
        "required": lambda _value: _("always given"),
        "enum": lambda values: _("one of: %(values)s") % {"values": ", ".join(values)},
        "pattern": lambda pattern: _("of the form %(pattern)s") % {"pattern": pattern},
        "minimum": lambda least: _("%(least)s or more") % {"least": least},
    }
    return " ; ".join(phrase(rules[rule]) for rule, phrase in phrases.items() if rule in rules)
