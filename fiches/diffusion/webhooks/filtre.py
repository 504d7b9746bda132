"""Which pages a subscriber asked for."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from fiches import langues
from fiches.query import parametres
from fiches.query.filtre import FicheFilter

MEANINGLESS = ("depuis", "tri", "page", "par_page", "curseur")
"""They say how a list is shown, not which fiches are in it; ``depuis`` would never let a fiche go."""


def canonical(text):
    """The query, in the one way to write it; a whole address may be given.

    :raises ValueError: says which parameter can't be read and why.
    """
    query = QueryDict(text.partition("?")[2] if "?" in text else text.strip(), mutable=True)
    for name in MEANINGLESS:
        if query.pop(name, None) and name == "depuis":
            raise ValueError(_("depuis: a webhook tells what changes from now on."))
    found = FicheFilter.parse(query)
    if found.errors:
        raise ValueError(" ".join(f"{name}: {message}" for name, message in found.errors.items()))
    if text.strip() and not found.parameters():
        raise ValueError(_("There is no filter in this."))
    return found.querystring()


def matching(webhook, pages, pks=None):
    """The keys of the pages that the subscriber is to know, among ``pks`` if given.

    :raises ValueError: a fiche's filter that can no longer be read (a dimension was renamed) matches nothing.
    """
    langue, _message = parametres.langue(QueryDict(webhook.filtre))
    visible = pages.model.objects.visible().in_language(langue or langues.default_language())
    if pks is not None:
        visible = visible.filter(pk__in=pks)
    keys = set(visible.values_list("pk", flat=True))
    if pages.name != "fiche" or not webhook.filtre or not keys:
        return keys
    found = FicheFilter.parse(QueryDict(webhook.filtre))
    if found.errors:
        raise ValueError(" ".join(f"{name}: {message}" for name, message in found.errors.items()))
    return keys & set(found.rows().values_list("object_id", flat=True))
