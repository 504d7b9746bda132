"""The parameter ``prime`` of the query language: the fiches that won something, once everyone may know."""

from django.utils.translation import gettext as _

from fiches import langues
from fiches.palmares.models import Prix
from fiches.publications.version import Reach, memoize
from fiches.query.conditions import register_condition
from fiches.query.parametres import shown


def prized(values):
    """The keys of the fiches that have a prize that was announced, those that may not be read among them: the filter leaves
    them out.

    :raises ValueError: ``prime`` is anything but 1.
    """
    for value in values:
        if value != "1":
            raise ValueError(_("“prime” is 1, or left out: “%(text)s” says nothing.") % {"text": shown(value)})
    return memoize("prized", _prized, reach=Reach.EVERYWHERE)


def _prized():
    return langues.keys_of_translations(Prix.objects.announced().values_list("nomination__fiche_id", flat=True))


def described(values):
    return _("awarded a prize")


def register():
    register_condition("prime", prized, described)
