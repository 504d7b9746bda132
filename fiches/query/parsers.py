"""Parsers of the parameters of the query language. Each returns a value, or raises ValueError with a message for the user."""

import math
import re
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches import content_language
from fiches.formats import quoted
from fiches.models import Commune
from fiches.models.location import Point
from fiches.publications.responses import is_tracking
from fiches.publications.text_analysis import clean
from fiches.territoire.gazetteer import find_communes, resolve_commune

TRIS = ("pertinence", "recent", "titre", "distance")
PAR_PAGE = 20
MOST_PER_PAGE = 100
RAYON = 20.0
LARGEST_RADIUS = 1000.0
MOST_VALUES = 50
POSTCODE = re.compile(r"\s*[0-9]{5}\s*")
# Characters that are not text: databases refuse them.
UNREADABLE = re.compile(r"[\x00\ud800-\udfff]")
NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,20})?")


def is_ignored(name: str) -> bool:
    """Whether a parameter is no filter: one that trackers add, or the language, which is read apart."""
    return name == "langue" or is_tracking(name)


def cleaned_values(values: Iterable[str]) -> list[str]:
    """The values of a parameter, cleaned, each once, without the empty ones.

    :raises ValueError: a value holds a character that is not text, such as NUL, which :func:`clean` would drop.
    """
    values = [str(value) for value in values]
    if any(map(UNREADABLE.search, values)):
        raise ValueError(_("This holds characters that aren’t text."))
    return list(dict.fromkeys(filter(None, map(clean, values))))


def shown(text: str) -> str:
    """``text`` cleaned and cut, for a message."""
    text = clean(text)
    return text if len(text) <= 60 else f"{text[:60]}…"


def repeated(text: str) -> str:
    """The message for a parameter that may be given only once; ``text`` is the value that counts."""
    return _("Given more than once: only “%(text)s” counts.") % {"text": shown(text)}


def only(texts: list[str]) -> str:
    """The value of a parameter that may be given only once."""
    if len(texts) > 1:
        raise ValueError(repeated(texts[-1]))
    return texts[0]


def number(text: str) -> float:
    """A finite number, with a point or a comma."""
    if not NUMBER.fullmatch(text.strip()):
        raise ValueError(_("“%(text)s” is not a number.") % {"text": shown(text)})
    return float(text.replace(",", "."))


def coordinates(text: str) -> list[float]:
    """Numbers separated by commas, rounded to 6 decimals."""
    values = [round(number(part), 6) for part in text.split(",")]
    if not all(map(math.isfinite, values)):
        raise ValueError
    return values


def bbox(text: str) -> tuple[float, float, float, float]:
    """A bounding box ``(west, south, east, north)``, in degrees."""
    message = _("The area is written west,south,east,north, in degrees: “5.7,47.1,6.5,47.6”.")
    try:
        west, south, east, north = coordinates(text)
    except ValueError:
        raise ValueError(message) from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError(message)
    return west, south, east, north


def autour(text: str) -> Point:
    """The :class:`Point` around which to search: « 47.24,6.02 », or the centre of the commune that ``text`` names. A postcode stands
    for the most populated commune that has it."""
    if is_a_name(text):
        return _centre_of(text)
    try:
        lat, lon = coordinates(text)
    except ValueError:
        lat = lon = 999
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(
            _(
                "Give the name of a commune, a postcode, or coordinates such as “47.24,6.02” (latitude,longitude, in degrees)."
            )
        )
    return Point(lat, lon)


def is_a_name(text: str) -> bool:
    """Whether the text of ``autour`` is the name of a commune or a postcode, not coordinates."""
    return bool(POSTCODE.fullmatch(text) or (re.search(r"[^\W\d_]{2}", text) and "," not in text))


def _centre_of(text: str) -> Point:
    try:
        named = find_communes(text, limit=1) if POSTCODE.fullmatch(text) else []
        commune = named[0] if named else resolve_commune(text)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None
    if commune.latitude is None or commune.longitude is None:
        raise ValueError(_("The place of %(commune)s is not known.") % {"commune": commune.nom})
    return Point(round(commune.latitude, 6), round(commune.longitude, 6))


def rayon(text: str) -> float:
    """The radius of the search, in kilometres."""
    radius = number(text)
    if not 0 < radius <= LARGEST_RADIUS:
        raise ValueError(_("The radius is between 0 and %(largest)d km.") % {"largest": LARGEST_RADIUS})
    return radius


def depuis(text: str) -> datetime:
    """An aware datetime; a date counts as its midnight in the current time zone. A plus sign that URL decoding turned into a
    space is restored."""
    text = re.sub(r"(?<=\d) (?=\d\d:?\d\d$)", "+", text.strip()) if "T" in text else text.strip()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or not 1970 <= instant.year <= 2200:
        raise ValueError(
            _("“%(text)s” is not a date such as 2026-11-25, or 2026-11-25T08:30:00+01:00.") % {"text": shown(text)}
        )
    return instant if instant.tzinfo else timezone.make_aware(instant)


def du(text: str) -> date:
    """The first day of a period: « 2026-11-25 » or « 25/11/2026 »."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
        if 1970 <= day.year <= 2200:
            return day
    raise ValueError(_("“%(text)s” is not a date such as 2026-11-25 or 25/11/2026.") % {"text": shown(text)})


# The last day of a period, included.
au = du


def whole(text: str, *, most: int) -> int:
    """A whole number from 1 to ``most``."""
    if not re.fullmatch(r"[0-9]{1,6}", text.strip()) or not 1 <= int(text) <= most:
        raise ValueError(_("“%(text)s” is not a number from 1 to %(most)s.") % {"text": shown(text), "most": most})
    return int(text)


def page(text: str) -> int:
    """The number of a page of results, from 1."""
    return whole(text, most=999_999)


def par_page(text: str) -> int:
    """The number of results on a page, at most :data:`MOST_PER_PAGE`."""
    return whole(text, most=MOST_PER_PAGE)


def tri(text: str) -> str:
    if text not in TRIS:
        raise ValueError(
            _("“%(text)s” is no order: choose among %(known)s.") % {"text": shown(text), "known": ", ".join(TRIS)}
        )
    return text


def langue(query: QueryDict) -> tuple[str, str]:
    """``(code, error message)`` of the parameter ``langue`` of a ``QueryDict``; either may be ``""``."""
    try:
        given = cleaned_values((dict(query.lists()).get("langue") or [""])[-1:])
        return one_language(given[0]) if given else "", ""
    except ValueError as error:
        return "", str(error)


def one_language(text: str) -> str:
    """The code of a language in which contents may exist."""
    if text not in content_language.languages():
        known = {"text": shown(text), "known": ", ".join(content_language.languages())}
        raise ValueError(_("There are no contents in the language “%(text)s”: choose among %(known)s.") % known)
    return text


def communes(texts: list[str]) -> tuple[dict[str, str], str]:
    """``({INSEE code: name}, error message)`` of communes given by code or name."""
    names: dict[str, str] = {}
    messages: list[str] = []
    known = {c.pk: c.nom for c in Commune.objects.filter(pk__in=[t for t in texts if len(t) == 5])}
    for text in texts:
        if text in known:
            names[text] = known[text]
            continue
        try:
            commune = resolve_commune(text)
            names[commune.pk] = commune.nom
        except ValidationError as error:
            messages += error.messages
    return names, " ".join(messages)


def choices(texts: list[str], known: Collection[str]) -> tuple[list[str], str]:
    """``([the values that are in known, in its order], error message for the others)``."""
    wanted = set(texts)
    unknown = [text for text in dict.fromkeys(texts) if text not in known]
    message = ""
    if unknown:
        names = ", ".join(quoted(shown(text)) for text in unknown[:5])
        message = _("Unknown value: %(values)s.") % {"values": names}
    return [value for value in known if value in wanted], message
