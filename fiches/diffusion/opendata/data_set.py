"""The open data set: its page for people, and its description for data portals (DCAT) and search engines (schema.org)."""

from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fiches import content_language
from fiches.diffusion.contents import instant
from fiches.diffusion.opendata import fiche_table, licence
from fiches.diffusion.opendata.geojson import file_name
from fiches.models import FichePage
from fiches.publications import ledger
from fiches.territoire.territory import territory, territory_words

if TYPE_CHECKING:
    from fiches.models import FicheIndexPage


LD_JSON = "application/ld+json"
MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "json": "application/json",
}
EUROPE = "http://publications.europa.eu/resource/authority/"
LANGUAGES = {"fr": "FRA", "de": "DEU", "en": "ENG"}
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


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


def dcat(index_page: "FicheIndexPage", api: str) -> Any:
    """Returns the DCAT-AP catalogue that data portals harvest: one data set, its files, and the API that serves it.

    :param api: the absolute address of the partner API.
    """
    url, language = index_page.full_url, content_language.language_of(index_page)
    publisher, dataset = {"@id": f"{url}#editeur"}, {"@id": f"{url}#donnees"}

    def literal(text: str) -> dict[str, str]:
        return {"@value": str(text), "@language": language}

    common = {"dct:publisher": publisher, "dct:license": {"@id": licence.URL}}
    changed = instant(ledger.last_change())
    graph = [
        {
            "@id": f"{url}#catalogue",
            "@type": "dcat:Catalog",
            "dct:title": literal(licence.attribution()),
            "dct:description": literal(about(index_page)),
            "dcat:dataset": dataset,
            "dcat:service": {"@id": api},
            **common,
        },
        {
            "@type": "dcat:Dataset",
            "dct:title": literal(name()),
            "dct:description": literal(about(index_page)),
            "dct:identifier": url,
            "dct:language": {"@id": f"{EUROPE}language/{LANGUAGES.get(language, 'FRA')}"},
            "dct:accrualPeriodicity": {"@id": f"{EUROPE}frequency/UPDATE_CONT"},
            "dct:conformsTo": {"@id": f"{url}schema.json"},
            "dct:spatial": {"@type": "dct:Location", "rdfs:label": literal(territory().area.nom)},
            "dcat:keyword": [literal(word) for word in (_("social innovation"), *territory().names.values())],
            "dcat:theme": {"@id": f"{EUROPE}data-theme/SOCI"},
            "dcat:landingPage": {"@id": f"{url}donnees/"},
            "dcat:distribution": [{"@id": address} for _extension, _kind, address in files(index_page)],
            **({"dct:modified": {"@value": changed, "@type": "xsd:dateTime"}} if changed else {}),
            **dataset,
            **common,
        },
        *(_distribution(index_page, *file) for file in files(index_page)),
        {
            "@id": api,
            "@type": "dcat:DataService",
            "dct:title": literal(_("Partner API")),
            "dcat:endpointURL": {"@id": api},
            "dcat:endpointDescription": {"@id": f"{api}openapi.json"},
            "dcat:servesDataset": dataset,
            **common,
        },
        {"@type": "foaf:Organization", "foaf:name": licence.attribution(), "foaf:homepage": {"@id": url}, **publisher},
    ]
    return {"@context": CONTEXT, "@graph": graph}


def _distribution(index_page: "FicheIndexPage", extension: str, kind: str, address: str) -> dict[str, Any]:
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": f"{file_name()}.{extension}",
        "dct:license": {"@id": licence.URL},
        "dct:conformsTo": {"@id": f"{index_page.full_url}schema.json"},
        "dcat:downloadURL": {"@id": address},
        "dcat:accessURL": {"@id": f"{index_page.full_url}donnees/"},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{kind}"},
    }


def _api(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("api_partenaires:docs").removesuffix("docs"))


def catalogue(index_page: "FicheIndexPage", request: HttpRequest) -> HttpResponse:
    """View: the DCAT catalogue as JSON-LD."""
    return HttpResponse(orjson.dumps(dcat(index_page, _api(request))), content_type=LD_JSON)


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
        "donnees": dcat(index_page, _api(request)),
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
