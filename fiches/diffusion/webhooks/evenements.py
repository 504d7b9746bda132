"""The names of what happens to a page: ``fiche.publiee``, ``fiche.modifiee``, ``fiche.retiree``, and so for each nature."""

from django.utils.translation import gettext_lazy as _

PUBLIEE, MODIFIEE, RETIREE = "publiee", "modifiee", "retiree"
TEST = "test"
FAITS = {PUBLIEE: _("publication"), MODIFIEE: _("change"), RETIREE: _("withdrawal")}


def event(nature, fact):
    return f"{nature}.{fact}"


def nature_of(name):
    return name.partition(".")[0]


class Evenements:
    """``(name, words)`` of each event, for the natures that rooms have registered by the time it is read."""

    def __iter__(self):
        from fiches.publications import ledger

        for kind in ledger.kinds():
            for fact, words in FAITS.items():
                yield event(kind.name, fact), f"{kind.model._meta.verbose_name} – {words}"
