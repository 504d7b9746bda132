"""Dead links, embeds gone silent, and what étapes and dossiers add to the dashboard."""

from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from fiches.admin import dead_links
from fiches.admin.dashboard import day_of
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Accord, Dossier
from fiches.diffusion.models import Chargement
from fiches.models import Lien
from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory, UserFactory

pytestmark = pytest.mark.django_db


def dashboard_lines(user):
    return {line.label: (line.number, line.address) for _title, lines in day_of(user).sections for line in lines}


class Sites(BaseHTTPRequestHandler):
    asked = []

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        self.asked.append((self.command, self.path))
        statuses = {"/la": 200, "/partie": 404, "/fermee": 403, "/fache": 405 if self.command == "HEAD" else 200}
        moved = self.path in {"/bouge", "/boucle"}
        self.send_response(301 if moved else statuses.get(self.path, 500))
        if moved:
            self.send_header("Location", "/boucle" if self.path == "/boucle" else "/la")
        if self.path == "/piege":
            self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def sites(settings):
    settings.RALLYNOV_WEBHOOKS_LOOPBACK = True
    Sites.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sites)
    Thread(target=partial(server.serve_forever, poll_interval=0.05), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def linked(tree, *addresses, **fields):
    """An online fiche whose text holds these links."""
    html = "".join(f'<p><a href="{address}">x</a></p>' for address in addresses)
    fiche = FichePageFactory(parent=tree.fiches, corps=[{"type": "texte", "value": html}], **fields)
    dead_links.store_links(fiche)
    return fiche


def test_links_are_noted_at_publication_and_forgotten_with_the_text(tree):
    fiche = FichePageFactory(
        parent=tree.fiches,
        live=False,
        site="https://fournees.example/",
        corps=[
            {"type": "texte", "value": '<p><a href="https://a.example/x">a</a> <a href="mailto:a@b.example">m</a></p>'},
            {"type": "video", "value": {"adresse": "https://v.example/1", "titre": "v", "duree": "", "vignette": None}},
        ],
    )
    assert Lien.objects.count() == 0
    fiche.latest_revision.publish()
    addresses = {"https://fournees.example/", "https://a.example/x", "https://v.example/1"}
    assert {link.adresse for link in Lien.objects.all()} == addresses
    fiche.refresh_from_db()
    fiche.corps = []
    fiche.save_revision().publish()
    assert [link.adresse for link in Lien.objects.all()] == ["https://fournees.example/"]
    fiche.refresh_from_db()
    fiche.unpublish()
    assert Lien.objects.count() == 0


def test_the_links_of_a_fiche_are_noted_at_the_hour_at_which_it_is_published(tree):
    later = {"live": False, "go_live_at": timezone.now() + timedelta(days=1)}
    fiche = FichePageFactory(parent=tree.fiches, site="https://fournees.example/", **later)
    fiche.latest_revision.publish()
    assert list(Lien.objects.all()) == []


def test_pages_published_before_are_read_by_the_periodic_work(tree):
    FichePageFactory(parent=tree.fiches, site="https://a.example/")
    FichePageFactory(parent=tree.fiches, site="https://b.example/", live=False)
    dead_links.store_all_links()
    assert [link.adresse for link in Lien.objects.all()] == ["https://a.example/"]


def test_a_link_that_redirects_to_itself_does_not_work(sites):
    assert dead_links.probe(f"{sites}/boucle") == ("trop de redirections", False)


def test_a_dead_link_is_told_with_the_list_that_names_its_page(client, tree, sites):
    paths = ("la", "partie", "fermee", "fache", "bouge")
    linked(tree, *(f"{sites}/{path}" for path in paths), title="Le four")
    dead_links.check_links.call()
    assert [link.adresse for link in Lien.objects.dead()] == [f"{sites}/partie"]
    assert Lien.objects.get(adresse=f"{sites}/partie").constat == "la réponse est 404"
    redaction = UserFactory(role="redaction")
    number, address = dashboard_lines(redaction)["lien cassé"]
    client.force_login(redaction)
    page = client.get(address)
    assert (number, [link.adresse for link in page.context["object_list"]]) == (1, [f"{sites}/partie"])
    assert "Le four" in page.content.decode()


def test_a_link_is_looked_at_once_a_week_and_once_for_all_its_pages(tree, sites):
    linked(tree, f"{sites}/la")
    linked(tree, f"{sites}/la")
    dead_links.queue_check()
    dead_links.queue_check()
    assert Sites.asked == [("HEAD", "/la")]
    Lien.objects.update(verifie_le=timezone.now() - dead_links.EVERY - timedelta(hours=1))
    dead_links.queue_check()
    assert len(Sites.asked) == 2


def test_a_site_that_falters_is_given_three_weeks(tree, sites):
    linked(tree, f"{sites}/panne")
    states = []
    for _week in range(3):
        Lien.objects.update(verifie_le=None)
        dead_links.check_links.call()
        states.append(Lien.objects.dead().count())
    assert states == [0, 0, 1]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://169.254.169.254/x", "http://[::1]/", "http://10.1.2.3/"]
)
def test_nothing_inside_is_asked(tree, address):
    linked(tree, address)
    dead_links.check_links.call()
    link = Lien.objects.get()
    assert (link.constat, link.mort_depuis is not None) == ("Cette adresse n’est pas accessible au public.", True)


def test_a_mended_link_is_looked_at_again_from_the_report(tree, sites):
    linked(tree, f"{sites}/la")
    Lien.objects.update(mort_depuis=timezone.now(), constat="x", verifie_le=timezone.now())
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(UserFactory(role="redaction"))
    form = BeautifulSoup(browser.get("/admin/redaction/liens/").content, "html.parser").select_one("td form")
    assert form["action"] == f"/admin/redaction/liens/{Lien.objects.get().pk}/revoir/"
    token = {"csrfmiddlewaretoken": form.select_one("[name=csrfmiddlewaretoken]")["value"]}
    page = browser.post(form["action"], token, follow=True).content.decode()
    assert f"{sites}/la répond." in page
    assert Lien.objects.dead().count() == 0


def test_a_partner_sees_the_links_of_their_own_fiches_only(client, tree):
    partner = UserFactory(role="partenaire")
    linked(tree, "https://a.example/", owner=partner)
    linked(tree, "https://b.example/")
    client.force_login(partner)
    listed = client.get("/admin/redaction/liens/").context["object_list"]
    assert [link.adresse for link in listed] == ["https://a.example/"]
    other = Lien.objects.get(adresse="https://b.example/")
    assert client.post(f"/admin/redaction/liens/{other.pk}/revoir/").status_code == 302
    assert Lien.objects.get(pk=other.pk).verifie_le is None


def loads(host, days_ago, number):
    jour = timezone.localdate() - timedelta(days=days_ago)
    Chargement.objects.create(hote=host, jour=jour, nature="carte", nombre=number)


def test_etapes_to_come_and_those_without_a_report_are_told(client, tree):
    today = timezone.localdate()
    EtapePageFactory(parent=tree.etapes, title="Demain", date=today + timedelta(days=1))
    EtapePageFactory(parent=tree.etapes, title="Annulée", date=today + timedelta(days=2), statut="annulee")
    EtapePageFactory(parent=tree.etapes, title="Hier", date=today - timedelta(days=2))
    report = [{"type": "texte", "value": "<p>Beau monde.</p>"}]
    EtapePageFactory(parent=tree.etapes, title="Racontée", date=today - timedelta(days=3), compte_rendu=report)
    redaction = UserFactory(role="redaction")
    client.force_login(redaction)
    for label, expected in {"étape à venir": ["Demain"], "étape terminée sans compte rendu": ["Hier"]}.items():
        number, address = dashboard_lines(redaction)[label]
        context = client.get(address).context
        listed = context["object_list"] if "object_list" in context else [etape for etape, _form in context["rows"]]
        assert (number, [etape.title for etape in listed]) == (1, expected)


def summary(client):
    items = BeautifulSoup(client.get("/admin/").content, "html.parser").select(".w-summary__list")
    return " ".join(" ".join(each.get_text() for each in items).split())


def test_dossiers_are_told_to_who_sees_them_and_lead_to_their_pile(client, tree):
    redaction = UserFactory(role="redaction")
    now = timezone.now()
    Dossier.objects.create(courriel="a@b.example", etat=Etat.RECU, soumis=now, organisation="Neuf")
    Dossier.objects.create(
        courriel="a@b.example",
        etat=Etat.EN_RELECTURE,
        soumis=now,
        organisation="À moi",
        responsable=redaction,
        echeance=now - timedelta(days=1),
    )
    client.force_login(redaction)
    for label, expected in {
        "dossier qui vous est confié": ["À moi"],
        "dossier à lire": ["Neuf"],
        "dossier sans responsable": ["Neuf"],
        "dossier en retard": ["À moi"],
    }.items():
        number, address = dashboard_lines(redaction)[label]
        assert (label, number, [d.organisation for d in client.get(address).context["object_list"]]) == (
            label,
            1,
            expected,
        )
    assert "dossier à lire" not in dashboard_lines(UserFactory(role="partenaire"))
    assert "1 dossier à lire" in summary(client)
    moderator = UserFactory(role="moderation")
    assert (
        "dossier à lire" in dashboard_lines(moderator),
        dashboard_lines(moderator)["dossier sans responsable"][0],
    ) == (False, 1)
    client.force_login(moderator)
    assert ("à lire" in summary(client), "1 dossier en relecture" in summary(client)) == (False, True)
    assert dashboard_lines(UserFactory(role="admin"))["dossier à lire"][0] == 1


def test_a_fiche_without_its_companys_agreement_is_told_until_it_agrees(client, tree):
    redaction = UserFactory(role="redaction")
    fiche = FichePageFactory(parent=tree.fiches, title="Le four")
    FichePageFactory(parent=tree.fiches, title="Écrite par la rédaction")
    dossier = Dossier.objects.create(courriel="a@b.example", etat=Etat.APPROUVE, fiche=fiche)
    client.force_login(redaction)
    label = "fiche sans bon à tirer de l’entreprise"
    number, address = dashboard_lines(redaction)[label]
    assert (number, [each.title for each in client.get(address).context["object_list"]]) == (1, ["Le four"])
    Accord.objects.create(dossier=dossier, revision_numero=1, accord=True)
    assert label not in dashboard_lines(redaction)


def test_a_partner_is_told_of_the_etapes_that_they_organise_only(tree):
    partner = UserFactory(role="partenaire")
    tomorrow = timezone.localdate() + timedelta(days=1)
    EtapePageFactory(parent=tree.etapes, date=tomorrow)
    assert "étape à venir" not in dashboard_lines(partner)
    EtapePageFactory(parent=tree.etapes, date=tomorrow, organisateurs=[PartenaireFactory(membres=[partner])])
    del partner._also_edited
    assert dashboard_lines(partner)["étape à venir"][0] == 1
