"""The rules of an address that holds a secret: kept by no cache, told to no other page, indexed by no one."""

from functools import wraps

from django.shortcuts import render

from fiches.candidatures.enums import Usage
from fiches.candidatures.jetons import dossier_of
from fiches.forms.private_address import keep_private


def with_dossier(view=None, *, usage=Usage.DOSSIER):
    """Gives the view the dossier that the address's secret opens, or answers 404 with a way to get a new link."""
    if view is None:
        return lambda function: with_dossier(function, usage=usage)

    @wraps(view)
    def wrapped(request, secret, **kwargs):
        dossier = dossier_of(secret, usage=usage)
        if dossier is None:
            return unknown_link(request)
        return keep_private(view(request, dossier, secret=secret, **kwargs))

    return wrapped


def unknown_link(request, *, over=False):
    """Says the same of a link that is cut, unknown, revoked or too old, and how to get a new one.

    :param over: the link is good, and its dossier's study has ended: the page says that instead.
    """
    return keep_private(render(request, "candidatures/lien_inconnu.html", {"over": over}, status=404))
