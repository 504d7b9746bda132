"""Composes the mails, as text and HTML, from the wording of their templates or the one that staff wrote.

An app registers its mails in ``AppConfig.ready()``. Their wording is in its templates ``courriels/<cle>.objet.txt`` (the subject,
without private data) and ``courriels/<cle>.txt``; a host overrides them in its own ``courriels/``.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import EmailAlternative
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from wagtail import hooks

from fiches import content_language
from fiches.mail.placeholders import NEEDED, PLACEHOLDERS
from fiches.models import Courriel, ModeleDeCourriel

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# A line that ends with its only place: a link and what announces it, a reason.
ANNOUNCING_LINE = re.compile(r"^[^{}\n]*\{([a-z_]+)\}[ \t]*(?:\n|$)", re.MULTILINE)
BLANK_LINES = re.compile(r"\n{3,}")
# A brace that belongs to no place, with the words around it.
STRAY = re.compile(r"[^\n{}]{0,15}[{}][^\n{}]{0,15}[{}]?")

# Who may see in the outbox, and stop, the mails for which no other permission is registered.
SEE_MAILS = "rallynov_fiches.view_courriel"

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
    permission: str = SEE_MAILS
    writer: str = ""


LETTERS: dict[str, Letter] = {}


def contact_address() -> str:
    """Returns the team's mail address for replies, from the hook ``team_address()``; ``""`` when there is none."""
    return next((address() for address in hooks.get_hooks("team_address")), "")


class Obsolete(Exception):  # noqa: N818 - it names what happened, as a reader says it
    """Raised by ``complete`` when the mail is no longer relevant: it is not sent."""


def register_letter(
    name: str,
    wording: Wording,
    *,
    complete: Complete | None = None,
    finish: Finish | None = None,
    language: Callable[[Courriel], str] | None = None,
    permission: str = SEE_MAILS,
    writer: str = "",
) -> None:
    """Registers a mail, which :func:`fiches.mail.outbox.post` then accepts as ``modele``.

    :param complete: ``complete(courriel)`` returns placeholder values when the mail is sent; links with tokens are made here,
        so that they are not stored.
    :param finish: ``finish(message, courriel)`` may add headers, attachments or other HTML to the EmailMultiAlternatives.
    :param language: ``language(courriel)`` returns the reader's language code; the site's default if it is empty or not offered.
    :param permission: of the users who may see in the outbox to whom it goes, and stop it.
    :param writer: the placeholder with the address of the visitor who wrote the mail: answers go there, and its end says so.
    """
    LETTERS[name] = Letter(wording, complete, finish, language, permission, writer)


def letters_seen_by(user: AbstractUser | AnonymousUser) -> list[str]:
    """Returns the names of the mails that ``user`` may see in the outbox, and stop."""
    return [name for name, letter in LETTERS.items() if user.has_perm(letter.permission)]


def title_of(cle: str) -> str:
    """Returns a mail's title for staff; ``cle`` itself for an unknown mail."""
    return str(LETTERS[cle].wording.title) if cle in LETTERS else cle


def check_wording(cle: str, *, objet: str, texte: str) -> dict[str, str]:
    """Validates a wording that staff wrote; returns ``{field: message}``, empty if it is valid.

    Refuses an unknown mail, an unknown or broken placeholder, a text without a needed placeholder that the default text has, a
    subject of several lines or with a placeholder that it may not contain.
    """
    if cle not in LETTERS:
        return {"cle": _("Unknown mail. Known: %(known)s.") % {"known": ", ".join(LETTERS)}}
    known = LETTERS[cle].wording
    faults = {"objet": _subject_fault(objet, known), "texte": _fault(texte, known.places) or _lost_place(texte, cle)}
    return {field: fault for field, fault in faults.items() if fault}


def _subject_fault(objet: str, known: Wording) -> str:
    if "\n" in objet or "\r" in objet:
        return _("A subject is one line.")
    if set(PLACEHOLDER.findall(objet)) & set(known.places) - set(known.objet_places):
        if not known.objet_places:
            return _("The subject of this mail holds no word in braces.")
        return _("A subject holds no answer: use %(known)s only.") % {"known": _in_braces(known.objet_places)}
    return _fault(objet, known.objet_places)


def _fault(text: str, places: tuple[str, ...]) -> str:
    """The message about a placeholder of ``text`` that nothing fills, or about a brace that belongs to none."""
    unknown = sorted(set(PLACEHOLDER.findall(text)) - set(places))
    if unknown:
        message = _("Nothing fills {%(place)s} in this mail. Known: %(known)s.")
        return message % {"place": unknown[0], "known": _in_braces(places) or "–"}
    stray = STRAY.search(PLACEHOLDER.sub("", text))
    if not stray:
        return ""
    message = _("A brace is badly placed: “%(words)s”. Write the word between one { and one }, such as %(known)s.")
    return message % {"words": stray[0].strip(), "known": _in_braces(places[:1]) or "{numero}"}


def needed_places(cle: str) -> set[str]:
    """The placeholders that no wording of a mail may leave out."""
    return NEEDED & set(PLACEHOLDER.findall(default_wording(cle)[1]))


def _lost_place(texte: str, cle: str) -> str:
    """The message about the needed placeholders that the default text has and ``texte`` hasn't."""
    lost = sorted(needed_places(cle) - set(PLACEHOLDER.findall(texte)))
    if not lost:
        return ""
    message = _("The reader needs %(place)s (%(what)s): write this word where it must stand.")
    return message % {"place": _in_braces(lost[:1]), "what": PLACEHOLDERS[lost[0]]}


def _in_braces(places: Iterable[str]) -> str:
    return ", ".join(f"{{{place}}}" for place in places)


def wording(cle: str) -> tuple[str, str]:
    """Returns ``(objet, texte)``: the staff's wording in the site's default language, else that of the templates."""
    own = ModeleDeCourriel.objects.filter(cle=cle).exclude(texte="").first()
    if own and get_language() in (None, content_language.default_language()):
        return own.objet, own.texte
    return template_wording(cle)


def template_wording(cle: str) -> tuple[str, str]:
    """Returns ``(objet, texte)`` of the templates, in the active language, with their placeholders."""
    objet, texte = (render_to_string(f"courriels/{cle}{part}.txt") for part in (".objet", ""))
    return objet.strip(), BLANK_LINES.sub("\n\n", texte).strip()


def default_wording(cle: str) -> tuple[str, str]:
    """Returns ``(objet, texte)`` of the templates, in the site's default language, in which staff word the mails."""
    with override(content_language.default_language()):
        return template_wording(cle)


def fill(text: str, contexte: dict[str, Any]) -> str:
    """Replaces each ``{placeholder}`` by its value in ``contexte``, or by nothing."""
    return PLACEHOLDER.sub(lambda match: str(contexte.get(match[1], "")), text)


def fill_text(text: str, contexte: dict[str, Any]) -> str:
    """As :func:`fill`, for a letter's text: a line that ends with its only place is left out when nothing fills the place."""
    complete = ANNOUNCING_LINE.sub(lambda line: line[0] if str(contexte.get(line[1], "")).strip() else "", text)
    return BLANK_LINES.sub("\n\n", fill(complete, contexte)).strip()


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
    html = render_to_string(
        "courriels/message.html", {"objet": message.subject, "texte": body, "langue": get_language()}
    )
    message.attach_alternative(html, "text/html")
    if letter.finish:
        letter.finish(message, courriel)
    _sign(message, writer=contexte.get(letter.writer, ""))
    return message


def signature_lines(*, writer: str = "") -> list[str]:
    """Returns the lines that end each mail: who sends it (name, publisher, address, phone: hooks ``mail_signature()``), and who reads
    an answer.

    :param writer: the address of the visitor to whom answers go; ``""`` when they go to the team.
    """
    lines, contact = (
        [line for own_lines in hooks.get_hooks("mail_signature") for line in own_lines()],
        contact_address(),
    )
    if writer:
        lines.append(_("If you answer this mail, %(writer)s will see your address.") % {"writer": writer})
    if contact:
        to_team = (
            _("To write to the rally’s team: %(address)s")
            if writer
            else _("A question? Answer this mail, or write to %(address)s.")
        )
        lines.append(to_team % {"address": contact})
    return lines


def _sign(message: EmailMultiAlternatives, *, writer: str) -> None:
    """Ends the text and the HTML with who sends the mail, and sets Reply-To: the ``writer``'s address, that of ``finish``, or the
    team's."""
    contact, lines = contact_address(), signature_lines(writer=writer)
    if answers_to := writer or contact:
        message.reply_to = message.reply_to or [answers_to]
    if not lines:
        return
    written = "\n".join(lines)
    message.body = f"{message.body.rstrip()}\n\n-- \n{written}\n"
    signature = render_to_string("courriels/_signature.html", {"lines": lines})
    for index, (content, kind) in enumerate(message.alternatives):
        start, end, rest = str(content).rpartition("</body>")
        message.alternatives[index] = EmailAlternative(f"{start}{signature}{end}{rest}", kind)


def make_rows(**kwargs: Any) -> None:
    """Receiver of ``post_migrate``: makes the row of each mail, empty as long as staff keep the default wording."""
    ModeleDeCourriel.objects.bulk_create([ModeleDeCourriel(cle=cle) for cle in LETTERS], ignore_conflicts=True)


def places_of(cle: str) -> list[tuple[str, str, bool, bool]]:
    """Returns ``[(name, what fills it, whether the subject may contain it, whether the text must)]`` of the placeholders that may
    stand in a mail."""
    known, needed = LETTERS[cle].wording, needed_places(cle)
    return [
        (name, str(PLACEHOLDERS.get(name, "")), name in known.objet_places, name in needed) for name in known.places
    ]


def sample(cle: str, *, objet: str, texte: str) -> dict[str, Any]:
    """Returns the context of a preview: the mail with what each placeholder holds in brackets, and its signature."""
    contexte = {name: f"[{label}]" for name, label, _in_subject, _is_needed in places_of(cle)}
    return {
        "objet": fill(objet, contexte),
        "texte": fill(texte, contexte),
        "langue": get_language(),
        "lines": signature_lines(writer=contexte.get(LETTERS[cle].writer, "")),
    }
