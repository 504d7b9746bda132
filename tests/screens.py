"""What several test modules of this room do and read on its screens."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.utils import timezone

from etapes.inscriptions.mails import link_to
from etapes.models import Inscription
from fiches.candidatures import invitation
from fiches.candidatures.models import Dossier
from fiches.mail import subscriptions
from fiches.models import Abonnement
from tests.factories import EtapePageFactory, UserFactory

SCREEN = "/admin/donnees-personnelles/"


@pytest.fixture
def officer(client):
    """Somebody who has the right and is no administrator."""
    user = UserFactory(role="redaction")
    user.user_permissions.add(Permission.objects.get(codename="gerer_donnees_personnelles"))
    client.force_login(user)
    return user


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())


@pytest.fixture
def private(tree):
    """The address of each kind of private link."""
    dossier = Dossier.objects.create(courriel="jeanne@x.test", soumis=timezone.now(), numero="A")
    inscription = Inscription.objects.create(
        etape=EtapePageFactory(parent=tree.etapes), nom="Jeanne", courriel="jeanne@x.test", etat="confirmee"
    )
    alert, issues = (
        subscriptions.token(Abonnement.objects.create(courriel="jeanne@x.test", nature=kind))
        for kind in ("recherche", "carnets")
    )
    return [
        f"/candidature/{invitation.mint(dossier)}/",
        link_to(inscription).removeprefix("http://testserver"),
        f"/abonnement/{alert}/",
        f"/abonnement/{alert}/arret/",
        f"/abonnement/{issues}/",
    ]
