"""A private link that was copied from a mail with the end of its sentence opens what it would have opened."""

from itertools import product

import pytest

from etapes.carnets import carnet_subscriptions
from etapes.carnets.models import Abonne
from etapes.inscriptions import registration_tokens
from etapes.models import Inscription
from fiches.candidatures import tokens
from fiches.candidatures.enums import Usage
from fiches.candidatures.models import Dossier
from fiches.diffusion.alerts import suivis
from fiches.diffusion.models import Suivi
from fiches.link_secrets import LENGTH
from tests.factories import EtapePageFactory

pytestmark = pytest.mark.django_db
ENDS = [
    " ",
    ",",
    ".",
    ">",
    ")",
    "/,",
    "/.",
    "/>",
    "/).",
    "/»",
    "/,/",
    "//",
    "…",
    "/…",
]


@pytest.fixture
def private(tree):
    """The address of each kind of private link."""
    dossier = Dossier.objects.create(courriel="jeanne@x.test", etat="recu", numero="A")
    inscription = Inscription.objects.create(
        etape=EtapePageFactory(parent=tree.etapes), nom="Jeanne", courriel="jeanne@x.test", etat="confirmee"
    )
    suivi = suivis.token(Suivi.objects.create(courriel="jeanne@x.test", question="", rythme="jour", marque="m"))
    abonne = carnet_subscriptions.token(Abonne.objects.create(courriel="jeanne@x.test"))
    return [
        f"/candidature/{tokens.mint(dossier)}/",
        f"/candidature/bon-a-tirer/{tokens.mint(dossier, usage=Usage.BON_A_TIRER)}/",
        registration_tokens.link_to(inscription).removeprefix("http://testserver"),
        f"/suivi/{suivi}/",
        f"/suivi/{suivi}/arret/",
        f"/abonnement/{abonne}/",
        f"/abonnement/{abonne}/arret/",
    ]


def test_a_link_that_was_copied_with_the_end_of_its_sentence_opens_its_page(client, private):
    for address, end in product(private, ENDS):
        answer = client.get(f"{address.removesuffix('/')}{end}")
        assert (answer.status_code, answer.headers.get("Location")) == (302, address), end
        assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == (
            "no-store, private",
            "noindex, nofollow, noarchive",
        )


def test_such_a_link_that_opens_nothing_leads_to_where_a_new_one_is_asked_for(client, tree):
    for room in ("candidature", "inscription", "suivi", "abonnement"):
        answer = client.get(f"/{room}/{'s' * LENGTH}/,", follow=True)
        assert answer.status_code == 404
        assert "Page introuvable" not in answer.content.decode()
