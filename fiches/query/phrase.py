"""A query as a sentence, for titles of pages, subjects of alerts and captions of embeds."""

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fiches.heures import day, moment, thousands
from fiches.models import DEPARTEMENTS
from fiches.models.coordonnees import french
from fiches.query.facettes import labels, value_label


def sentence(found):
    """« 3 innovations avec « épicerie », centrée sur territoire ou individu, dans le Doubs, par titre »."""
    count = found.count
    head = ngettext("%(count)s innovation", "%(count)s innovations", count) % {"count": thousands(count)}
    parts = described(found)
    if found.q:
        head = f"{head} {parts.pop('q')}"
    return ", ".join([head, *parts.values()]) + order(found)


def followed(found):
    """« Les innovations avec « épicerie », dans le Doubs »: the sentence without a count, for an alert."""
    parts = described(found)
    head = _("Innovations") if parts else _("All the innovations")
    if found.q:
        head = f"{head} {parts.pop('q')}"
    return ", ".join([head, *parts.values()])


def described(found):
    """``{parameter: phrase}`` of each parameter in use."""
    parts = {"q": words(found)} if found.q else {}
    parts.update({name: _facet(found, name) for name in found.facettes if name in found.choix})
    if found.communes:
        parts["commune"] = _("in %(places)s") % {"places": either(found.communes.values())}
    parts.update({name: text for name, (_values, text, _keys) in found.conditions.items()})
    if found.bbox:
        parts["bbox"] = _("in this part of the map")
    if found.autour:
        parts["autour"] = around(found)
    if found.depuis:
        parts["depuis"] = since(found.depuis)
    return parts


def words(found):
    asked = found.words
    if asked.corrige and asked.elargi:
        message = _("with some of the words “%(words)s” (nothing has “%(typed)s”)")
        return message % {"words": asked.corrige, "typed": found.q}
    if asked.corrige:
        return _("with “%(words)s” (nothing has “%(typed)s”)") % {"words": asked.corrige, "typed": found.q}
    if asked.elargi:
        return _("with some of the words “%(words)s”") % {"words": found.q}
    return _("with “%(words)s”") % {"words": found.q}


def _facet(found, name):
    values = [value_label(found, name, value) for value in found.choix[name]]
    if name == "departement":
        return either(in_departement(code) for code in found.choix[name])
    if dimension := found.facettes[name].dimension:
        return f"{dimension} {either(values)}"
    return _("%(name)s: %(values)s") % {"name": labels()[name].lower(), "values": either(values)}


def in_departement(code):
    """« dans le Doubs »: the département with its preposition."""
    return {
        "25": _("in the Doubs"),
        "39": _("in the Jura"),
        "70": _("in Haute-Saône"),
        "90": _("in the Territoire de Belfort"),
    }.get(code, DEPARTEMENTS[code])


def either(names):
    """« A, B or C »."""
    *first, last = names
    return _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def around(found):
    values = {"km": french(found.rayon), "lat": french(found.autour.lat), "lon": french(found.autour.lon)}
    return _("within %(km)s km of the place %(lat)s; %(lon)s") % values


def since(instant):
    local = localtime(instant)
    return _("changed since %(day)s") % {"day": day(local) if local.hour == local.minute == 0 else moment(instant)}


def order(found):
    """The phrase of the sort order; ``""`` for the default one."""
    if found.ordre == found.ordre_par_defaut:
        return ""
    return {
        "recent": _(", the latest first"),
        "titre": _(", by title"),
        "distance": _(", the nearest first"),
        "pertinence": "",
    }[found.ordre]
