"""Event names: ``<kind of page>.<publiee, modifiee or retiree>``, such as ``fiche.publiee``."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

PUBLIEE, MODIFIEE, RETIREE = "publiee", "modifiee", "retiree"
TEST = "test"
FAITS = {PUBLIEE: _("publication"), MODIFIEE: _("change"), RETIREE: _("withdrawal")}


def event(nature: str, fact: str) -> str:
    """Returns the event's name: ``event("fiche", PUBLIEE)`` is ``fiche.publiee``."""
    return f"{nature}.{fact}"


def nature_of(name: str) -> str:
    """Returns the kind of page in an event's name."""
    return name.partition(".")[0]


class Evenements:
    """Lazy choices: ``(name, label)`` of each event of the kinds registered in the ledger when it is iterated."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        from fiches.publications import ledger

        for kind in ledger.kinds():
            for fact, label in FAITS.items():
                yield event(kind.name, fact), f"{kind.model._meta.verbose_name} – {label}"
