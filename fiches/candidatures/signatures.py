"""Where a contact's name also stands on a fiche by itself: who said a quotation, a caption, the credit of a picture."""

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex, Revision

from fiches.models.bulk import update
from fiches.models.revisions import rewrite_revisions
from fiches.territoire.gazetteer import fold

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier
    from fiches.models import FichePage

# The words of a name, folded and sorted.
Key = tuple[str, ...]
# What of a block goes with the name: of a quotation, the job title too; of a picture, its caption.
TOGETHER = {"auteur": ("auteur", "fonction"), "legende": ("legende",)}
BEFORE_A_TITLE = re.compile(r"\s*[,;(–—]|\s-\s")
AROUND_A_NAME = {"photo", "photos", "credit", "copyright"}


def name_key(name: str | None) -> Key:
    """A name without case, accents, spaces, hyphens and the order of its words; empty for no name."""
    return tuple(sorted(word for word in fold(name or "").split() if word not in AROUND_A_NAME))


def is_signed(text: str | None, keys: set[Key]) -> bool:
    """Whether a text is one of these names, or begins with one before a comma, a dash or a parenthesis: « Anne Couturier, gérante ».
    Initials stand for first names: « A. Couturier »."""
    readings = (name_key(text), name_key(BEFORE_A_TITLE.split(text or "", maxsplit=1)[0]))
    return any(_abbreviates(words, key) for words in readings for key in keys)


def _abbreviates(words: Iterable[str], key: Iterable[str]) -> bool:
    """Whether these words are those of a name, some of them as initials, but one of them."""
    left, whole = list(key), 0
    for word in sorted(words, key=len, reverse=True):
        initial = next((each for each in left if each == word or (len(word) == 1 and each.startswith(word))), None)
        if initial is None:
            return False
        left.remove(initial)
        whole += initial == word
    return bool(whole) and not left


def names_of(dossier: "Dossier", page: "FichePage") -> set[Key]:
    """The keys of the contact's name, as the page and as the dossier have it."""
    names = (page.contact_nom, dossier.reponses.get("contact_nom"))
    return {key for name in names if (key := name_key(name))}


def signed_answers(dossier: "Dossier") -> list[str]:
    """The answers of a dossier that are its contact's name."""
    key = name_key(dossier.reponses.get("contact_nom"))
    names = ("citation_auteur", "photo_credit")
    return [name for name in names if key and is_signed(dossier.reponses.get(name), {key})]


def signatures_in(blocks: Any, keys: set[Key]) -> dict[str, dict[str, str]]:
    """``{id of a block: {name: text}}`` of the blocks, at any depth, that one of these names signs."""
    signatures: dict[str, dict[str, str]] = {}
    if isinstance(blocks, list):
        for each in blocks:
            signatures |= signatures_in(each, keys)
    elif isinstance(blocks, dict):
        value = blocks.get("value")
        for each in blocks.values():
            signatures |= signatures_in(each, keys)
        if isinstance(value, dict) and "id" in blocks:
            signed = [name for name in TOGETHER if isinstance(value.get(name), str) and is_signed(value[name], keys)]
            texts = {each: value[each] for name in signed for each in TOGETHER[name] if each in value}
            signatures |= {blocks["id"]: texts} if texts else {}
    return signatures


def with_signatures(blocks: Any, signatures: dict[str, dict[str, str]]) -> Any:
    """The same blocks, those of ``signatures`` with these texts."""
    if isinstance(blocks, list):
        return [with_signatures(each, signatures) for each in blocks]
    if not isinstance(blocks, dict):
        return blocks
    written = {name: with_signatures(each, signatures) for name, each in blocks.items()}
    if blocks.get("id") in signatures and isinstance(written.get("value"), dict):
        written["value"] |= signatures[blocks["id"]]
    return written


def signatures_of(page: "FichePage", keys: set[Key]) -> dict[str, Any]:
    """``{"blocs": {id: {name: text}}, "credits": {key of a picture: credit}}`` of a page and each of its revisions."""
    blocks = signatures_in(page.corps.get_prep_value(), keys)
    for revision in page.revisions.all():
        blocks = signatures_in(json.loads(revision.content.get("corps") or "[]"), keys) | blocks
    credits = {str(image.pk): image.credit for image in _pictures(page) if is_signed(image.credit, keys)}
    return {"blocs": blocks, "credits": credits}


def forget_signatures(page: "FichePage", signatures: dict[str, Any]) -> bool:
    """Empties these texts on the page, in each of its revisions and in the library of pictures; true where there were any."""
    emptied = {each: dict.fromkeys(texts, "") for each, texts in signatures["blocs"].items()}
    write_signatures(page, {"blocs": emptied, "credits": dict.fromkeys(signatures["credits"], "")})
    return bool(emptied or signatures["credits"])


def write_signatures(page: "FichePage", signatures: dict[str, Any]) -> None:
    """Writes these texts on the page, in each of its revisions and in the library of pictures."""
    for pk, credit in signatures["credits"].items():
        update(get_image_model().objects.filter(pk=pk), credit=credit)
    if not signatures["blocs"]:
        return
    field = type(page)._meta.get_field("corps")
    body = with_signatures(page.corps.get_prep_value(), signatures["blocs"])
    update(type(page).objects.filter(pk=page.pk), corps=field.to_python(json.dumps(body)))

    def rewritten(revision: Revision) -> dict[str, Any]:
        if not (body := revision.content.get("corps")):
            return revision.content
        return {**revision.content, "corps": json.dumps(with_signatures(json.loads(body), signatures["blocs"]))}

    rewrite_revisions(page, rewritten)


def _pictures(page: "FichePage") -> Any:
    """The pictures that the page shows, where the site's pictures have a credit."""
    model = get_image_model()
    if not hasattr(model, "credit"):
        return []
    kind = ContentType.objects.get_for_model(model)
    references = ReferenceIndex.get_references_for_object(page).filter(to_content_type=kind)
    return model.objects.filter(pk__in=[int(pk) for pk in references.values_list("to_object_id", flat=True)])
