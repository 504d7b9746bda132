"""Resolves the secret of a private link. Answers are not cached, not indexed, and send no referrer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from fiches.candidatures.dossier_transitions import as_its_company_reads
from fiches.candidatures.tokens import dossier_of
from fiches.forms.private_address import keep_private


def with_dossier(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a view: replaces ``secret`` by the dossier that it opens, or answers 404 with a way to get a new link."""

    @wraps(view)
    def wrapped(request: HttpRequest, secret: str, **kwargs: Any) -> HttpResponseBase:
        dossier = dossier_of(secret)
        if dossier is None:
            return unknown_link(request)
        return keep_private(view(request, as_its_company_reads(dossier), secret=secret, **kwargs))

    return wrapped


def unknown_link(request: HttpRequest, *, over: bool = False) -> HttpResponse:
    """Answers 404 with the same page for a truncated, unknown, revoked or expired link, and how to get a new one.

    :param over: the link is valid but its dossier is closed; the page says so.
    """
    return keep_private(render(request, "candidatures/lien_inconnu.html", {"over": over}, status=404))
