"""Composes the mails, as text and HTML, from the wording of their templates or the one that staff wrote.

An app registers its mails in ``AppConfig.ready()``. Their wording is in its templates ``courriels/<cle>.objet.txt`` (the subject,
without private data) and ``courriels/<cle>.txt``; a host overrides them in its own ``courriels/``.
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

from fiches import content_language
from fiches.models import Courriel, ModeleDeCourriel

PLACE = re.compile(r"\{([a-z_]+)\}")
# A line that ends with its only place: a link and what announces it, a reason.
ANNOUNCING_LINE = re.compile(r"^[^{}\n]*\{([a-z_]+)\}[ \t]*(?:\n|$)", re.MULTILINE)
BLANK_LINES = re.compile(r"\n{3,}")


Complete = Callable[[Courriel], dict[str, Any]]
Finish = Callable[[EmailMultiAlternatives, Courriel], object]


class Wording(NamedTuple):
    """A mail's description: its title for staff, its placeholders (``{numero}``…), and those that the subject may contain."""

    title: str | Promise
    places: tuple[str, ...]
    objet_places: tuple[str, ...] = ("numero",)


class Letter(NamedTuple):
    """A registered mail: the arguments of :func:`register_letter`."""

    wording: Wording
    complete: Complete | None
    finish: Finish | None
    language: Callable[[Courriel], str] | None = None
    staff_words: tuple[str, ...] = ()


LETTERS: dict[str, Letter] = {}


_contacts: list[Callable[[], str]] = []


def register_contact(address: Callable[[], str]) -> None:
    """Registers the function that returns the team's mail address for replies, or ``""``."""
    _contacts[:] = [address]


def contact_address() -> str:
    """Returns the team's mail address for replies; ``""`` when there is none."""
    return next((address() for address in _contacts), "")


_signatures: list[Callable[[], list[str]]] = []


def register_signature(lines: Callable[[], list[str]]) -> None:
    """Registers the function that returns who writes: the lines that end each mail (name, publisher, address, phone)."""
    _signatures[:] = [lines]


class Obsolete(Exception):  # noqa: N818 - it names what happened, as a reader says it
    """Raised by ``complete`` when the mail is no longer relevant: it is not sent."""


def register_letter(
    name: str,
    wording: Wording,
    *,
    complete: Complete | None = None,
    finish: Finish | None = None,
    language: Callable[[Courriel], str] | None = None,
    staff_words: tuple[str, ...] = (),
) -> None:
    """Registers a mail, which :func:`fiches.mail.outbox.post` then accepts as ``modele``.

    :param complete: ``complete(courriel)`` returns placeholder values when the mail is sent; links with tokens are made here,
        so that they are not stored.
    :param finish: ``finish(message, courriel)`` may add headers, attachments or other HTML to the EmailMultiAlternatives.
    :param language: ``language(courriel)`` returns the reader's language code; the site's default if it is empty or not offered.
    :param staff_words: placeholders whose values staff write in the site's default language, so that the HTML marks the language
        of these paragraphs.
    """
    LETTERS[name] = Letter(wording, complete, finish, language, staff_words)


def title_of(cle: str) -> str:
    """Returns a mail's title for staff; ``cle`` itself for an unknown mail."""
    return str(LETTERS[cle].wording.title) if cle in LETTERS else cle


def check_wording(cle: str, *, objet: str, texte: str) -> dict[str, str]:
    """Validates a wording that staff wrote; returns ``{field: message}``, empty if it is valid.

    Refuses an unknown mail, an unknown placeholder, a subject of several lines or with a placeholder that it may not contain.
    """
    if cle not in LETTERS:
        return {"cle": _("Unknown mail. Known: %(known)s.") % {"known": ", ".join(LETTERS)}}
    known = LETTERS[cle].wording
    errors = {}
    for field, text in (("objet", objet), ("texte", texte)):
        unknown = sorted(set(PLACE.findall(text)) - set(known.places))
        if unknown:
            errors[field] = _("Nothing fills {%(place)s} in this mail.") % {"place": unknown[0]}
    if set(PLACE.findall(objet)) - set(known.objet_places) and "objet" not in errors:
        allowed = ", ".join(f"{{{place}}}" for place in known.objet_places)
        errors["objet"] = _("A subject holds no answer: use %(known)s only.") % {"known": allowed}
    if "\n" in objet or "\r" in objet:
        errors["objet"] = _("A subject is one line.")
    return errors


def wording(cle: str) -> tuple[str, str]:
    """Returns ``(objet, texte)``: the staff's wording in the site's default language, else that of the templates."""
    own = ModeleDeCourriel.objects.filter(cle=cle).first()
    if own and get_language() in (None, content_language.default_language()):
        return own.objet, own.texte
    return template_wording(cle)


def template_wording(cle: str) -> tuple[str, str]:
    """Returns ``(objet, texte)`` of the templates, in the active language, with their placeholders."""
    objet, texte = (render_to_string(f"courriels/{cle}{part}.txt") for part in (".objet", ""))
    return objet.strip(), BLANK_LINES.sub("\n\n", texte).strip()


def fill(text: str, contexte: dict[str, Any]) -> str:
    """Replaces each ``{placeholder}`` by its value in ``contexte``, or by nothing."""
    return PLACE.sub(lambda match: str(contexte.get(match[1], "")), text)


def fill_text(text: str, contexte: dict[str, Any]) -> str:
    """As :func:`fill`, for a letter's text: a line that ends with its only place is left out when nothing fills the place."""
    kept = ANNOUNCING_LINE.sub(lambda line: line[0] if str(contexte.get(line[1], "")).strip() else "", text)
    return BLANK_LINES.sub("\n\n", fill(kept, contexte)).strip()


def compose(courriel: Courriel) -> EmailMultiAlternatives:
    """Returns the mail to send, as text with an HTML alternative, in its reader's language."""
    letter = LETTERS[courriel.modele]
    code = letter.language(courriel) if letter.language else ""
    with override(code if code in content_language.languages() else content_language.default_language()):
        return _compose(letter, courriel)


def _compose(letter: Letter, courriel: Courriel) -> EmailMultiAlternatives:
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
    """Ends the text and the HTML with who writes, and adds the team's address as Reply-To, unless the mail has one."""
    contact, lines = contact_address(), [line for signature in _signatures for line in signature()]
    if contact:
        message.reply_to = message.reply_to or [contact]
        lines.append(_("A question? Answer this mail, or write to %(address)s.") % {"address": contact})
    if not lines:
        return
    written = "\n".join(lines)
    message.body = f"{message.body.rstrip()}\n\n-- \n{written}\n"
    signature = render_to_string("courriels/_signature.html", {"lines": lines})
    for index, (content, kind) in enumerate(message.alternatives):
        start, end, rest = str(content).rpartition("</body>")
        message.alternatives[index] = EmailAlternative(f"{start}{signature}{end}{rest}", kind)


def _passages(letter: Letter, texte: str, contexte: dict[str, Any]) -> list[tuple[str, str]]:
    """Returns ``[(paragraph, its language code if it isn't the mail's, else "")]`` (WCAG 3.1.2)."""
    own = "" if get_language() == content_language.default_language() else content_language.default_language()
    return [
        (text, own if set(PLACE.findall(paragraph)) & set(letter.staff_words) else "")
        for paragraph in re.split(r"\n{2,}", texte)
        if (text := fill_text(paragraph, contexte))
    ]


def sample(cle: str, *, objet: str, texte: str) -> dict[str, str]:
    """Returns the context of a preview, with each placeholder replaced by its name in brackets."""
    contexte = {place: f"[{place}]" for place in LETTERS[cle].wording.places} if cle in LETTERS else {}
    return {"objet": fill(objet, contexte), "texte": fill(texte, contexte)}
