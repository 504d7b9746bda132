"""A query as a sentence, for titles of pages, subjects of alerts and captions of embeds."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fiches import content_language
from fiches.formats import day, moment, quoted, thousands
from fiches.models.location import french
from fiches.query.facets import labels, value_label
from fiches.territoire.territory import in_departement

if TYPE_CHECKING:
    from fiches.query.fiche_filter import FicheFilter


def sentence(fiche_filter: "FicheFilter") -> str:
    """« 3 innovations avec « épicerie », centrée sur territoire ou individu, dans le Doubs, par titre »."""
    count = fiche_filter.count
    head = ngettext("%(count)s innovation", "%(count)s innovations", count) % {"count": thousands(count)}
    parts = described(fiche_filter)
    if fiche_filter.q:
        head = f"{head} {parts.pop('q')}"
    return ", ".join([head, *parts.values()]) + order(fiche_filter)


def followed(fiche_filter: "FicheFilter") -> str:
    """« Les innovations avec « épicerie », dans le Doubs »: the sentence without a count, for an alert."""
    parts = described(fiche_filter)
    head = _("Innovations") if parts else _("All the innovations")
    if fiche_filter.q:
        head = f"{head} {parts.pop('q')}"
    return ", ".join([head, *parts.values()])


def described(fiche_filter: "FicheFilter") -> dict[str, str]:
    """``{parameter: phrase}`` of each parameter in use."""
    parts = {"q": words(fiche_filter)} if fiche_filter.q else {}
    parts.update({name: _facet(fiche_filter, name) for name in fiche_filter.facettes if name in fiche_filter.choix})
    parts.update({name: text for name, (_values, text, _keys) in fiche_filter.conditions.items()})
    return parts | places(fiche_filter)


def places(asked: Any) -> dict[str, str]:
    """``{parameter: phrase}`` of the places and of the instant in a query on fiches or on étapes."""
    parts = {}
    if asked.communes:
        parts["commune"] = _("in %(places)s") % {"places": either(asked.communes.values())}
    if asked.bbox:
        parts["bbox"] = _("in this part of the map")
    if asked.autour:
        parts["autour"] = around(asked)
    if asked.depuis:
        parts["depuis"] = since(asked.depuis)
    return parts


def words(fiche_filter: Any) -> str:
    search = fiche_filter.words
    message = _("with some of the words “%(words)s”") if search.elargi else _("with “%(words)s”")
    return message % {"words": search.corrige or fiche_filter.q}


def _facet(fiche_filter: "FicheFilter", name: str) -> str:
    values = [
        content_language.in_active_language(value_label(fiche_filter, name, value))
        for value in fiche_filter.choix[name]
    ]
    if name == "departement":
        return either(in_departement(code) for code in fiche_filter.choix[name])
    if dimension := fiche_filter.facettes[name].dimension:
        return f"{content_language.in_active_language(dimension)} {either(values)}"
    return _("%(name)s: %(values)s") % {"name": labels()[name].lower(), "values": either(values)}


def either(names: Any) -> str:
    """« A, B or C »."""
    *first, last = names
    return _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def around(question: Any) -> str:
    """« within 20 km of Dole », or of the coordinates that were given."""
    km = french(question.rayon)
    if question.lieu:
        return _("within %(km)s km of %(place)s") % {"km": km, "place": question.lieu}
    place = {"lat": french(question.autour.lat), "lon": french(question.autour.lon)}
    return _("within %(km)s km of the place %(lat)s; %(lon)s") % {"km": km, **place}


def since(instant: datetime) -> str:
    """The phrase that names the filter ``depuis``: a day, or a day and an hour."""
    local = localtime(instant)
    return _("changed since %(day)s") % {"day": day(local) if local.hour == local.minute == 0 else moment(instant)}


def order(fiche_filter: "FicheFilter") -> str:
    """The phrase of the sort order; ``""`` for the default one."""
    if fiche_filter.ordre == fiche_filter.ordre_par_defaut:
        return ""
    return {
        "recent": _(", the latest first"),
        "titre": _(", by title"),
        "distance": _(", the nearest first"),
        "pertinence": "",
    }[fiche_filter.ordre]


def applied(fiche_filter: "FicheFilter") -> list[Any]:
    """The filters in force, each with the query string without it.

    :returns: ``[{"parametre", "libelle", "sans": query string}]``
    """
    answer = []
    for name, text in described(fiche_filter).items():
        for value in fiche_filter.choix.get(name, (None,)):
            label = quoted(fiche_filter.q) if name == "q" else text
            if value is not None:
                label = content_language.in_active_language(value_label(fiche_filter, name, value))
            answer.append({"parametre": name, "libelle": label, "sans": fiche_filter.without(name, value)})
    return answer
