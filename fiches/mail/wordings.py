"""The mails' words: those that ship with each room, or those of the staff, as text and as HTML.

A room registers its letters when Django starts (``apps.ready()``); their words are its templates ``courriels/<cle>.objet.txt``
(the subject, which holds no private answer) and ``courriels/<cle>.txt``. A host words them anew in its own ``courriels/``.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import EmailAlternative
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from fiches import langues
from fiches.models import Courriel, ModeleDeCourriel

PLACE = re.compile(r"\{([a-z_]+)\}")
# A line that ends with its only place: a link and what announces it, a reason.
ANNOUNCING_LINE = re.compile(r"^[^{}\n]*\{([a-z_]+)\}[ \t]*(?:\n|$)", re.MULTILINE)
BLANK_LINES = re.compile(r"\n{3,}")


Complete = Callable[[Courriel], dict[str, Any]]
Finish = Callable[[EmailMultiAlternatives, Courriel], object]


class Wording(NamedTuple):
    """A letter as it ships: its name for staff, the places that its words hold, and which of them a subject may hold."""

    title: str | Promise
    places: tuple[str, ...]
    objet_places: tuple[str, ...] = ("numero",)


class Letter(NamedTuple):
    wording: Wording
    complete: Complete | None
    finish: Finish | None
    language: Callable[[Courriel], str] | None = None
    staff_words: tuple[str, ...] = ()


LETTERS: dict[str, Letter] = {}


_contacts: list[Callable[[], str]] = []


def register_contact(address: Callable[[], str]) -> None:
    """``address()`` returns the mail address of the team that answers readers of the mails; ``""`` when there is none."""
    _contacts[:] = [address]


def contact_address() -> str:
    """The mail address of the team, as the site's settings give it; ``""`` when they give none."""
    return next((address() for address in _contacts), "")


class Obsolete(Exception):  # noqa: N818 - it names what happened, as a reader says it
    """Raised by ``complete``: what the letter tells is no longer true. It isn't sent."""


def register_letter(
    name: str,
    wording: Wording,
    *,
    complete: Complete | None = None,
    finish: Finish | None = None,
    language: Callable[[Courriel], str] | None = None,
    staff_words: tuple[str, ...] = (),
) -> None:
    """Makes ``name`` known as a ``modele`` of :func:`fiches.mail.outbox.post`.

    ``complete(courriel)`` returns what fills the places at the moment of sending: links with secrets are made there, and
    kept nowhere. ``finish(message, courriel)`` may add headers, attachments or another HTML to the EmailMultiAlternatives.
    ``language(courriel)`` is the one that its reader asked for; the site's own where it is empty or no longer offered.
    ``staff_words`` names the places that the staff fill, in the site's own language: their paragraphs are marked as such.
    """
    LETTERS[name] = Letter(wording, complete, finish, language, staff_words)


def title_of(cle: str) -> str:
    """The name of a letter for staff; of an unknown one, its key."""
    return str(LETTERS[cle].wording.title) if cle in LETTERS else cle


def check_wording(cle: str, *, objet: str, texte: str) -> dict[str, str]:
    """``{field: message}``: an unknown mail, a place that nothing fills, or a subject that tells too much."""
    if cle not in LETTERS:
        return {"cle": _("Unknown mail. Known: %(known)s.") % {"known": ", ".join(LETTERS)}}
    known = LETTERS[cle].wording
    errors = {}
    for field, text in (("objet", objet), ("texte", texte)):
        unknown = sorted(set(PLACE.findall(text)) - set(known.places))
        if unknown:
            errors[field] = _("Nothing fills {%(place)s} in this mail.") % {"place": unknown[0]}
    if set(PLACE.findall(objet)) - set(known.objet_places) and "objet" not in errors:
        told = ", ".join(f"{{{place}}}" for place in known.objet_places)
        errors["objet"] = _("A subject holds no answer: use %(known)s only.") % {"known": told}
    if "\n" in objet or "\r" in objet:
        errors["objet"] = _("A subject is one line.")
    return errors


def wording(cle: str) -> tuple[str, str]:
    """``(objet, texte)``: the staff's, else ours. The staff write in the site's own language: another has our words."""
    own = ModeleDeCourriel.objects.filter(cle=cle).first()
    if own and get_language() in (None, langues.own()):
        return own.objet, own.texte
    return shipped(cle)


def shipped(cle: str) -> tuple[str, str]:
    """``(objet, texte)`` as the templates word them, in the language of now; their places are not filled."""
    objet, texte = (render_to_string(f"courriels/{cle}{part}.txt") for part in (".objet", ""))
    return objet.strip(), BLANK_LINES.sub("\n\n", texte).strip()


def fill(text: str, contexte: dict[str, Any]) -> str:
    """The text with a value in each ``{place}``; nothing where ``contexte`` has none."""
    return PLACE.sub(lambda match: str(contexte.get(match[1], "")), text)


def fill_text(text: str, contexte: dict[str, Any]) -> str:
    """As :func:`fill`, for a letter's text: a line that ends with its only place is left out when nothing fills the place."""
    kept = ANNOUNCING_LINE.sub(lambda line: line[0] if str(contexte.get(line[1], "")).strip() else "", text)
    return BLANK_LINES.sub("\n\n", fill(kept, contexte)).strip()


def compose(courriel: Courriel) -> EmailMultiAlternatives:
    """The mail, ready to be sent, as text with an HTML alternative, in the language of its reader."""
    letter = LETTERS[courriel.modele]
    asked = letter.language(courriel) if letter.language else ""
    with override(asked if asked in langues.languages() else langues.own()):
        return _written(letter, courriel)


def _written(letter: Letter, courriel: Courriel) -> EmailMultiAlternatives:
    contexte = {**courriel.contexte, **(letter.complete(courriel) if letter.complete else {})}
    objet, texte = wording(courriel.modele)
    body = fill_text(texte, contexte)
    message = EmailMultiAlternatives(
        subject=" ".join(fill(objet, contexte).split()),
        body=body,
        to=courriel.destinataires,
        headers={
            "Message-ID": courriel.message_id,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    passages = _passages(letter, texte, contexte)
    html = render_to_string(
        "courriels/message.html", {"objet": message.subject, "passages": passages, "langue": get_language()}
    )
    message.attach_alternative(html, "text/html")
    if letter.finish:
        letter.finish(message, courriel)
    _sign(message)
    return message


def _sign(message: EmailMultiAlternatives) -> None:
    """Adds the team's address: where answers go unless the letter says otherwise, and at the end of the text and of the
    HTML, whoever wrote them."""
    contact = contact_address()
    if not contact:
        return
    message.reply_to = message.reply_to or [contact]
    words = _("A question? Answer this mail, or write to %(address)s.") % {"address": contact}
    message.body = f"{message.body.rstrip()}\n\n-- \n{words}\n"
    signature = render_to_string("courriels/_signature.html", {"address": contact})
    for index, (content, kind) in enumerate(message.alternatives):
        start, end, rest = str(content).rpartition("</body>")
        message.alternatives[index] = EmailAlternative(f"{start}{signature}{end}{rest}", kind)


def _passages(letter: Letter, texte: str, contexte: dict[str, Any]) -> list[tuple[str, str]]:
    """``[(text, its language where it isn't the mail's)]``, paragraph by paragraph (WCAG 3.1.2)."""
    own = "" if get_language() == langues.own() else langues.own()
    return [
        (text, own if set(PLACE.findall(paragraph)) & set(letter.staff_words) else "")
        for paragraph in re.split(r"\n{2,}", texte)
        if (text := fill_text(paragraph, contexte))
    ]


def sample(cle: str, *, objet: str, texte: str) -> dict[str, str]:
    """The context of a preview: each place filled with its own name, so that staff see where it stands."""
    contexte = {place: f"[{place}]" for place in LETTERS[cle].wording.places} if cle in LETTERS else {}
    return {"objet": fill(objet, contexte), "texte": fill(texte, contexte)}
