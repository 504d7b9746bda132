"""Reads the accessibility audit in ``home/data/rgaa.csv`` and computes the state of conformity.

The file has one line for each of the 106 criteria of the RGAA 4.1.2 (source: DISIC, Licence Ouverte), with a decision and
its evidence. Auditors edit it; the accessibility page and the mention in the footer are derived from it.
"""

import csv
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


DATA = Path(__file__).parent / "data"
AUDIT = DATA / "rgaa.csv"
CRITERIA = 106


class AuditDecision(StrEnum):
    CONFORME = "conforme"
    NON_CONFORME = "non conforme"
    NON_APPLICABLE = "non applicable"
    A_AUDITER = "à auditer"


class Conformite(StrEnum):
    TOTAL = "totalement conforme"
    PARTIEL = "partiellement conforme"
    NON = "non conforme"


# The mention on each page, in the words imposed by the decree of 24 July 2019.
MENTIONS = {
    Conformite.TOTAL: _("Accessibility: fully compliant"),
    Conformite.PARTIEL: _("Accessibility: partially compliant"),
    Conformite.NON: _("Accessibility: not compliant"),
}


class RgaaCriterion(NamedTuple):
    critere: str
    theme: str
    intitule: str
    decision: AuditDecision
    preuve: str


class Audit(NamedTuple):
    criteres: tuple[RgaaCriterion, ...]

    def with_decision(self, decision: str) -> list[RgaaCriterion]:
        return [critere for critere in self.criteres if critere.decision == decision]

    @property
    def est_complet(self) -> bool:
        return len(self.criteres) == CRITERIA and not self.with_decision(AuditDecision.A_AUDITER)

    @property
    def taux(self) -> Any:
        """The percentage of applicable criteria that are met, rounded down; ``None`` until the audit is complete."""
        met, failed = (len(self.with_decision(each)) for each in (AuditDecision.CONFORME, AuditDecision.NON_CONFORME))
        return 100 * met // (met + failed) if self.est_complet and met + failed else None

    @property
    def etat(self) -> Conformite:
        """``NON`` until the audit is complete or below 50 %; ``PARTIEL`` while a criterion is not met."""
        if self.taux is None or self.taux < 50:
            return Conformite.NON
        return Conformite.PARTIEL if self.with_decision(AuditDecision.NON_CONFORME) else Conformite.TOTAL

    @property
    def mention(self) -> "StrOrPromise":
        return MENTIONS[self.etat]

    @property
    def par_theme(self) -> dict[str, list[RgaaCriterion]]:
        """Returns ``{theme: [RgaaCriterion]}``, in the order of the RGAA."""
        themes: dict[str, list[RgaaCriterion]] = {}
        for critere in self.criteres:
            themes.setdefault(critere.theme, []).append(critere)
        return themes


@cache
def audit() -> Audit:
    """The site's RGAA audit. Cached."""
    return read(AUDIT)


def read(path: Path) -> Audit:
    """Reads an audit from a CSV file with the columns of ``RgaaCriterion``.

    :raises ValueError: a decision is unknown or has no evidence.
    """
    with path.open(encoding="utf-8", newline="") as file:
        values: Iterable[dict[str, Any]] = csv.DictReader(file)
        rows = [RgaaCriterion(**{**row, "decision": AuditDecision(row["decision"])}) for row in values]
    for row in rows:
        if not row.preuve:
            raise ValueError(f"{path.name}: criterion {row.critere} has no evidence")
    return Audit(tuple(rows))
