"""Stores the tips of the public, with their photo, and deletes the photo with its tip."""

from typing import Any

from django.db import transaction

from fiches.candidatures.models import Signalement
from fiches.candidatures.private_files import delete_after_commit
from fiches.link_secrets import secret_fingerprint

TEXTS = ("organisation", "lieu", "innovation", "contact", "de")


@transaction.atomic
def store_tip(cleaned: dict[str, Any]) -> None:
    """Stores a tip once: a second request with the same texts, even at the same moment, stores nothing.

    Unlike `fiches.forms.submission_key`, the key is made of the texts only: two people who send the same texts send one tip.

    :param cleaned: the texts of the tip; ``photo``: a picture cleaned by `fiches.media.images`, or nothing.
    """
    texts = {name: cleaned[name] for name in TEXTS}
    tip, _made = Signalement.objects.get_or_create(
        empreinte=secret_fingerprint("\n".join(texts.values())), defaults=texts
    )
    photo = cleaned.get("photo")
    if photo:
        tip = Signalement.objects.select_for_update().get(pk=tip.pk)
    if photo and not tip.photo:
        tip.photo.save(photo.name, photo, save=True)


def delete_photo(sender: type[Signalement], instance: Signalement, **kwargs: Any) -> None:
    """Deletes the photo of a deleted tip from the storage, after the commit. A receiver of ``post_delete``."""
    if instance.photo:
        delete_after_commit(instance.photo.name or "")
