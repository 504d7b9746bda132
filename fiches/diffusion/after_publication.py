"""Receiver of the register's changes: notifies webhooks, and deletes what is stored of changed pages: PDF files, and the
drafts of the front end's previews."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from fiches.diffusion.headless_preview import forget_previews
from fiches.diffusion.paper.paper_views import delete_printed_files
from fiches.diffusion.webhooks import tell_after_commit
from fiches.publications import ledger


def connect() -> None:
    """Connects the receiver; called from ``AppConfig.ready()``."""
    ledger.recorded.connect(_recorded, dispatch_uid="diffusion")


def _recorded(sender: Any, kind: str, pks: Iterable[int], is_direct: bool, **kwargs: Any) -> None:
    tell_after_commit()
    if is_direct:
        forget_previews(pks)
    if kind == ledger.FICHE and is_direct:
        transaction.on_commit(lambda: delete_printed_files(pks), robust=True)
