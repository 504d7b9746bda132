"""What a mail that was sent before leads to, once its étape is cancelled and taken off the site."""

from etapes.models import EtapePage
from tests.etapes.conftest import text

CANCELLED = (
    "L’étape annoncée ici est annulée. Si vous étiez inscrit, vous n’avez rien à faire : votre place est annulée aussi."
)


def test_the_address_of_a_cancelled_etape_says_so_and_leads_on(client, etape, register_people):
    register_people("anne")
    EtapePage.objects.update(statut="annulee")
    EtapePage.objects.get().unpublish()
    for address in ("/etapes/dole/", "/etapes/dole/inscription/"):
        answer = client.get(address)
        assert (answer.status_code, CANCELLED in text(answer)) == (404, True)
        assert "/recherche/" in text(answer)


def test_a_draft_and_any_other_address_say_nothing_of_it(client, etape):
    EtapePage.objects.update(live=False, statut="annulee", first_published_at=None)
    for address in ("/etapes/dole/", "/etapes/", "/nulle-part/"):
        assert CANCELLED not in text(client.get(address))
