"""Fixtures of the palmarès, built with the app's own functions: prepared, scored, closed, decided, announced."""

import copy
import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from fiches.palmares.models import (
    Categorie,
    CritereDeNotation,
    Evaluation,
    Jure,
    Nomination,
    Palmares,
    PalmaresPage,
    Rang,
)
from fiches.palmares.scoring import save_scores
from fiches.palmares.transitions import announce, close_scoring, open_scoring, record_decision
from tests.batch_indexing import batch_indexing
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import EditionFactory, FichePageFactory, PageFactory, UserFactory


class PalmaresPageFactory(PageFactory):
    class Meta:
        model = PalmaresPage

    title = "Palmarès"
    slug = "palmares"


class Rally:
    """A palmarès with a category « Coopération », ``fiches``, criteria ``utilite`` (weight 3) and ``partage`` (1), jurors."""

    def __init__(self, tree, *, year=2013, fiches=3, jurors=2):
        self.page = PalmaresPage.objects.first() or PalmaresPageFactory(parent=tree.home)
        self.staff = UserFactory(role="moderation")
        self.palmares = Palmares.objects.create(edition=EditionFactory(annee=year), note_maximale=5)
        self.utilite, self.partage = (
            CritereDeNotation.objects.create(palmares=self.palmares, nom=name, definition=name, poids=weight)
            for name, weight in (("Utilité", 3), ("Partage", 1))
        )
        self.categorie = Categorie.objects.create(palmares=self.palmares, nom="Coopération")
        with batch_indexing():
            self.fiches = [
                FichePageFactory(parent=tree.fiches, title=f"Fiche {number}", slug=f"fiche-{year}-{number}")
                for number in range(1, fiches + 1)
            ]
        self.nominations = [
            Nomination.objects.create(categorie=self.categorie, fiche=fiche, sort_order=place)
            for place, fiche in enumerate(self.fiches)
        ]
        self.jury = [self.juror(f"Jurée {number}") for number in range(1, jurors + 1)]

    def juror(self, name):
        return Jure.objects.create(palmares=self.palmares, compte=UserFactory(), nom=name)

    def again(self):
        """The same, each of its records read again: what a test does to it stays out of what the module keeps."""
        again = copy.copy(self)
        for name in ("page", "staff", "palmares", "utilite", "partage", "categorie"):
            setattr(again, name, reload_record(getattr(self, name)))
        for name in ("fiches", "nominations", "jury"):
            setattr(again, name, [reload_record(record) for record in getattr(self, name)])
        for juror in again.jury:
            juror.palmares = again.palmares
        return again

    def fresh(self):
        self.palmares = Palmares.objects.get(pk=self.palmares.pk)
        for juror in self.jury:
            juror.palmares = self.palmares
        return self.palmares

    def open(self):
        open_scoring(self.palmares)
        return self.fresh()

    def score(self, juror, place, utilite, partage, comment=""):
        save_scores(
            jure=self.jury[juror],
            nomination=self.nominations[place],
            notes={self.utilite.pk: utilite, self.partage.pk: partage},
            commentaire=comment,
        )

    def evaluation(self, place):
        return Evaluation.objects.get(nomination=self.nominations[place])

    def close(self):
        close_scoring(self.palmares)
        return self.fresh()

    def decide(self, *prizes, motifs="Le jury a suivi le classement."):
        """Records a decision. ``prizes`` are ``(index of the nomination, rank, citation)``."""
        given = [(self.nominations[place], rank, citation) for place, rank, citation in prizes]
        return record_decision(self.categorie, prizes=given, motifs=motifs, by=self.staff)

    def announce(self, at):
        announce(self.palmares, embargo=at)
        return self.fresh()


@pytest.fixture(scope="module")
def module_rally(module_tree, django_db_blocker):
    """The palmarès of `rally`, made once for the module."""
    with module_transaction(django_db_blocker):
        yield Rally(read_tree(module_tree))


@pytest.fixture
def rally(module_rally, tree):
    return module_rally.again()


@pytest.fixture
def embargoed(rally):
    """A palmarès under embargo, whose secret texts contain unique words: ``rally``, ``at`` (end of the embargo), ``fiche``."""
    rally.open()
    rally.score(0, 0, 5, 5, "zibeline")
    rally.close()
    rally.decide((0, Rang.PREMIER, "Pour son zinzolin."), motifs="Une zymase sans appel.")
    at = timezone.now().replace(microsecond=0) + datetime.timedelta(hours=2)
    rally.announce(at)
    return SimpleNamespace(rally=rally, at=at, fiche=rally.fiches[0])
