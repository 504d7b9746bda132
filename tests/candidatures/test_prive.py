"""Private links and files: open to their company and to the staff only."""

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from wagtail.images import get_image_model

from fiches.candidatures.invitation import mint, revoke, secret_fingerprint
from fiches.candidatures.models import Confidentialite, Dossier, Jeton, PieceJointe
from fiches.models import Courriel
from tests.candidatures.conftest import LINK, photo, text
from tests.candidatures.screens import pictures_of
from tests.factories import UserFactory

SANDBOX = "default-src 'none'; sandbox"


def test_a_secret_is_kept_as_its_fingerprint_only(sent):
    secret = sent.link.strip("/").split("/")[-1]
    assert Jeton.objects.filter(empreinte=secret_fingerprint(secret)).exists()
    everything = str([list(model.objects.values()) for model in (Jeton, Courriel, Dossier)])
    assert secret not in everything


def test_pages_behind_a_secret_are_kept_by_no_cache_and_told_to_no_site(sent):
    for path in ("", "relecture/", "apercu/", "consentements/"):
        response = sent.visitor.get(sent.link + path)
        assert response.status_code == 200
        assert response["Cache-Control"] == "no-store, private"
        assert response["Referrer-Policy"] == "strict-origin"
        assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"


@pytest.mark.parametrize("secret", ["A" * 43, "z" * 43])
def test_an_unknown_link_offers_a_new_one(visitor, secret):
    response = visitor.get(f"/candidature/{secret}/")
    assert response.status_code == 404
    assert "Recevoir un nouveau lien" in text(response)


def test_a_link_that_a_mail_program_cut_says_how_to_get_a_new_one(sent):
    secret = sent.link.strip("/").split("/")[-1]
    unknown = sent.visitor.get(f"/candidature/{'A' * 43}/")
    cut = [secret[:-1], f"{secret[:20]}/", secret[:1], f"{secret}=", f"{secret[:30]}./", f"{secret[:30]}/relecture/"]
    for path in (*cut, "%3E"):
        answer = sent.visitor.get(f"/candidature/{path}")
        assert (answer.status_code, text(answer)) == (404, text(unknown).replace("A" * 43, path)), path
        assert "Recevoir un nouveau lien" in text(answer)
        assert answer["Cache-Control"] == "no-store, private"
    # A whole one without its last slash is redirected to the dossier.
    assert sent.visitor.get(f"/candidature/{secret}", follow=True).context["dossier"] == sent.dossier
    assert sent.visitor.get("/candidature/lien-envoye", follow=True).status_code == 200


def test_a_revoked_and_an_expired_link_open_nothing(sent):
    revoke(sent.dossier)
    assert sent.visitor.get(sent.link).status_code == 404
    secret = mint(sent.dossier)
    Jeton.objects.filter(empreinte=secret_fingerprint(secret)).update(expire="2020-01-01T00:00Z")
    assert sent.visitor.get(f"/candidature/{secret}/").status_code == 404


def test_a_new_link_sent_by_the_staff_replaces_the_former_ones(sent, staff):
    staff.post(f"/admin/candidatures/dossiers/{sent.dossier.pk}/relancer/")
    assert sent.visitor.get(sent.link).status_code == 404
    from tests.candidatures.conftest import LINK

    [link] = LINK.findall(mail.outbox[-1].body)
    assert sent.visitor.get(link).context["dossier"] == sent.dossier


def test_a_private_file_is_for_its_link_and_the_staff(visitor, staff):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill_in_all(link)
    consents = {"contact_nom": "J", "contact_courriel": "j@x.test", "consentement_publication": "on"}
    visitor.fill(link, "contacts", {**consents, "consentement_droits_photo": "on"})
    visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"})
    piece = PieceJointe.objects.get()
    response = visitor.get(f"{link}fichier/{piece.cle}/")
    assert response["Content-Disposition"] == 'inline; filename="vache.jpg"'
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "no-store, private")
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Security-Policy"] == SANDBOX
    assert visitor.get(f"/media/{piece.fichier.name}").status_code == 404

    address = f"/admin/candidatures/dossiers/{piece.dossier_id}/fichier/{piece.cle}/"
    assert staff.get(address).status_code == 404  # not sent: the staff can't read it
    visitor.post(f"{link}envoyer/")
    read = staff.get(address)
    assert (read.getvalue()[:2], read["Content-Security-Policy"]) == (b"\xff\xd8", SANDBOX)
    assert Client().get(address).status_code == 302
    partner = Client()
    partner.force_login(UserFactory(role="partenaire"))
    assert partner.get(address).status_code in {302, 403}


def test_a_company_sees_its_pictures_before_the_public_does(visitor):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    consents = {"contact_nom": "J", "contact_courriel": "j@x.test", "consentement_publication": "on"}
    visitor.fill_in_all(link)
    visitor.fill(link, "contacts", {**consents, "consentement_droits_photo": "on"})
    visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"})
    [other] = visitor.ask_for_link("autre@exemple.test")
    shown = pictures_of(visitor.get(f"{link}apercu/"))
    assert shown
    for address in shown:
        response = visitor.get(address)
        assert (response.status_code, response["Content-Type"][:6]) == (200, "image/")
        assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "no-store, private")
        assert response["Content-Security-Policy"] == SANDBOX
        assert visitor.get(address.replace(link, other)).status_code == 404
    for size in get_image_model()._meta.get_field("renditions").related_model.objects.all():
        assert visitor.get(size.url).status_code == 404


def test_a_taken_out_file_leaves_the_disk(visitor, django_capture_on_commit_callbacks):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"})
    piece = PieceJointe.objects.get()
    storage, name = piece.fichier.storage, piece.fichier.name
    answer = visitor.fill(link, "images", {"photo_alt": "Une autre vache", "oter": str(piece.cle)})
    assert answer.url == f"{link}images/"
    assert Dossier.objects.get().reponses["photo_alt"] == "Une autre vache"
    assert PieceJointe.objects.count() == 0
    assert not storage.exists(name)


def test_a_form_works_where_the_csrf_check_is_on(sent):
    """The headers that a browser sends under the page's referrer policy pass the CSRF check; those of another site don't."""
    client = Client(enforce_csrf_checks=True)
    page = client.get(f"{sent.link}retirer/")
    token = page.context["csrf_token"]
    assert (
        client.post(
            f"{sent.link}retirer/", {"csrfmiddlewaretoken": str(token)}, headers={"Origin": "http://testserver"}
        ).status_code
        == 302
    )
    assert client.post(f"{sent.link}retirer/", {}).status_code == 403


def test_the_contacts_and_the_proof_say_who_keeps_the_name_why_and_for_how_long(visitor, staff, tree):
    Confidentialite.objects.update_or_create(
        site=tree.site, defaults={"responsable": "Réseau du Jura", "destinataires": "la Région"}
    )
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill_in_all(link)
    contacts = visitor.get(f"{link}contacts/")
    visitor.post(f"{link}envoyer/")
    staff.post(f"/admin/candidatures/dossiers/{Dossier.objects.get().pk}/bon-a-tirer/")
    proof = visitor.get(LINK.findall(mail.outbox[-1].body)[0])
    for page in (visitor.get("/candidature/"), contacts, proof):
        [notice] = BeautifulSoup(page.content, "html.parser").select("section.privacy")
        said = {dt.text: " ".join(dt.find_next("dd").text.split()) for dt in notice.select("dt")}
        assert said["Responsable du traitement"] == "Réseau du Jura"
        assert said["Finalité"].startswith("étudier votre dossier")
        assert said["Personnes qui lisent les données"] == "l’équipe du rallye et les modérateurs, la Région"
        kept = said["Durée de conservation"]
        assert (
            kept.startswith("6 mois pour un dossier non envoyé ; 12 mois") and "24 mois pour un dossier resté" in kept
        )
        assert "CNIL" in said["Réclamation"]
