"""A dossier to its published fiche, a backup, a restore and an update, in the services of site/deploy/compose.yaml.

`make nightly` runs it through tests/services/image/run, which makes the two images. Each test goes on where the one before it
ended.
"""

import os
import re
import sys
import time
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import requests
from aiosmtpd.controller import Controller
from bs4 import BeautifulSoup
from django.utils import timezone

from tests.candidatures.conftest import CONTACTS, INNOVATION, ORGANISATION
from tests.fiches.made_documents import pdf
from tests.formulaires import completed_form, filled_form
from tests.pictures import picture
from tests.services.conftest import Mailbox, free_port
from tests.services.image.compose_project import HOST, ComposeProject, Reader
from tests.services.pannes.serveurs import until
from tests.services.screens import _name as _name

FICHE = "/fiches/le-lait-de-nuit/"
EDIT = re.compile(r'href="(/admin/pages/\d+/edit/)"')
CALL = "/admin/snippets/rallynov_candidatures/appel/add/"
OWN_HEADERS = {"Via", "X-Powered-By"}
VERSION = '<meta name="version" content="suivante">'
OF_THE_SITE = ("site", "travaux", "echeances")
# The order of the file: pytest begins with the tests that use the fewest fixtures.
pytestmark = pytest.mark.usefixtures("staff")
# Seconds for which a form must have been shown.
PATIENCE = 2.5


@pytest.fixture(scope="module")
def mails():
    """The mail server's inbox, for the containers."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="0.0.0.0", port=free_port())
    controller.start()
    mailbox.port = controller.port
    yield mailbox
    controller.stop()


@pytest.fixture(scope="module")
def project(mails, tmp_path_factory):
    project = ComposeProject(tmp_path_factory.mktemp("image"), mails.port)
    project.choose(os.environ["RALLYNOV_IMAGE"])
    try:
        project.up()
        until(lambda: is_served(project, "/"), seconds=120, every=1)
        yield project
    finally:
        project.down()


@pytest.fixture(scope="module")
def staff(project):
    """The first account, in its browser, on a site that takes dossiers: what `creer_site` asks for is done."""
    printed = project.manage(
        "creer_site",
        "--nom",
        "Essai’nov",
        "--departements",
        "25,39,70,90",
        "--courriel",
        "equipe@essai.test",
        "--compte",
        "ana",
    )
    browser = project.browser().log_in("ana", re.search(r"mot de passe\W+(\S+)\. ", printed)[1])
    dashboard = browser.get("/admin/").text
    below = browser.get(re.search(r'href="(/admin/pages/\d+/)"', dashboard)[1]).text
    drafts = [a["href"] for a in BeautifulSoup(below, "html.parser").select("tr.unpublished .title-wrapper a")]
    assert len(drafts) == 3
    for path in drafts:
        send(browser, path, **completed_form(browser.get(path)), **{"action-publish": "action-publish"})
    day = [timezone.localtime(timezone.now() + timedelta(days)).strftime("%Y-%m-%d %H:%M") for days in (-1, 9)]
    send(browser, CALL, "form[method=post]", nom="Appel", ouverture=day[0], cloture=day[1])
    return browser


def send(browser, path, selector="", **typed):
    """Sends the form of a page of the admin."""
    answer = browser.submit(path, {**filled_form(browser.get(path), selector), **typed})
    assert answer.status_code == 302, BeautifulSoup(answer.text, "html.parser").get_text(" ", strip=True)[:2000]
    return answer


def mail_about(mails, subject):
    """The text of the mail with this subject, once it came."""

    def find():
        read = [message_from_bytes(mail.content, policy=policy.default) for mail in mails.mails]
        return next((one for one in read if subject in one["Subject"]), None)

    return until(find, seconds=60, every=0.5).get_body(("plain",)).get_content()


def fill_in(browser, link, step, answers, files=None):
    """Sends a step of the dossier; returns the path of what follows."""
    form = filled_form(browser.get(f"{link}{step}/"), "main form")
    answer = browser.submit(f"{link}{step}/", {**form, "continuer": "1", **answers}, files=files)
    assert answer.status_code == 302, BeautifulSoup(answer.text, "html.parser").get_text(" ", strip=True)[:2000]
    return answer.headers["Location"]


def read(project, path):
    """What somebody without an account is answered."""
    return project.browser().get(path)


def is_served(project, path):
    with suppress(requests.ConnectionError):
        return read(project, path).status_code == 200


def picture_of(page):
    """The path of a fiche's picture."""
    [path] = [image["src"] for image in BeautifulSoup(page.text, "html.parser").select("main img")]
    return path


def fiche_of(staff):
    """The path of the admin's pages of the only dossier's fiche."""
    [dossier] = set(re.findall(r"/admin/candidatures/dossiers/\d+/", staff.get("/admin/candidatures/dossiers/").text))
    [edit] = set(EDIT.findall(staff.get(dossier).text))
    return edit.removesuffix("edit/")


def send_dossier(project, mails):
    """Somebody without an account asks for a link, answers, adds a picture and a document, and sends."""
    browser = project.browser()
    form = filled_form(browser.get("/candidature/"), "main form")
    time.sleep(PATIENCE)
    browser.submit("/candidature/", {**form, "courriel": "jeanne@tilleuls.test"})
    link = re.search(rf"https://{HOST}(/candidature/\S+/)", mail_about(mails, "Votre lien"))[1]
    fill_in(browser, link, "organisation", ORGANISATION)
    fill_in(browser, link, "innovation", INNOVATION)
    grid = BeautifulSoup(browser.get(f"{link}caracterisation/").text, "html.parser")
    fill_in(browser, link, "caracterisation", {"criteres": [box["value"] for box in grid.select("[name=criteres]")]})
    files = {"photo": ("vache.jpg", picture(), "image/jpeg"), "document": ("plan.pdf", pdf(), "application/pdf")}
    fill_in(browser, link, "images", {"photo_alt": "Une vache"}, files)
    following = fill_in(browser, link, "contacts", {**CONTACTS, "consentement_droits_photo": "on"})
    assert browser.submit(f"{link}envoyer/", form=following).headers["Location"] == f"{link}recu/"


def test_nginx_answers_by_tls_and_says_nothing_of_what_is_behind(project):
    browser = project.browser()
    plain = browser.get(f"http://{HOST}/fiches/")
    assert (plain.status_code, plain.headers["Location"]) == (301, f"https://{HOST}/fiches/")
    page = browser.get("/")
    assert (page.status_code, page.headers["Server"]) == (200, "nginx")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert not OWN_HEADERS & set(page.headers)
    with pytest.raises(requests.exceptions.SSLError):
        requests.get("https://127.0.0.1/", timeout=10, verify=str(project.certificate))


def test_a_dossier_becomes_a_public_fiche_with_its_picture_and_its_pdf(project, staff, mails):
    send_dossier(project, mails)
    assert "Le lait de nuit" in mail_about(mails, "À approuver")
    fiche_of(staff)
    assert read(project, FICHE).status_code == 404
    [dossier] = set(re.findall(r"/admin/candidatures/dossiers/\d+/", staff.get("/admin/candidatures/dossiers/").text))
    send(staff, dossier, "form:has(input[name=action][value=approve])")
    page = read(project, FICHE)
    assert (page.status_code, "Le lait de nuit" in page.text) == (200, True)
    image = read(project, picture_of(page))
    assert (image.status_code, image.headers["Content-Type"]) == (200, "image/jpeg")
    assert image.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"  # nginx's own: it sent the file
    assert read(project, picture_of(page).replace("/media/", "/media-interne/")).status_code == 404
    assert read(project, f"{FICHE}fiche.pdf").content.startswith(b"%PDF")
    assert read(project, FICHE).headers["Cache-Status"] == "rallynov; hit"


def test_what_is_withdrawn_is_gone_at_once(project, staff):
    fiche = fiche_of(staff)
    assert read(project, FICHE).headers["Cache-Status"] == "rallynov; hit"
    assert staff.submit(f"{fiche}unpublish/").status_code == 302
    assert read(project, FICHE).status_code == 404
    send(staff, f"{fiche}edit/", **{"action-publish": "action-publish"})
    assert read(project, FICHE).status_code == 200


def test_a_fiche_deleted_after_a_backup_comes_back_with_its_picture(project, staff):
    fiche = fiche_of(staff)
    picture_path = picture_of(read(project, FICHE))
    backup = re.match(r"/sauvegardes/\S+", project.compose("run", "--rm", "-T", "sauvegarde"))[0]
    assert staff.submit(f"{fiche}delete/").status_code == 302
    project.compose("exec", "-T", "site", "rm", "-r", "/var/lib/rallynov/media")
    assert read(project, FICHE).status_code == 404
    project.compose("stop", *OF_THE_SITE)
    project.compose("run", "--rm", "-T", "sauvegarde", "python", "manage.py", "restaurer", backup, "--ecraser")
    project.compose("start", *OF_THE_SITE)
    until(lambda: is_served(project, FICHE), seconds=90, every=1)
    assert read(project, picture_path).status_code == 200


def test_an_update_interrupts_the_site_for_less_than_a_minute(project, capsys):
    assert VERSION not in read(project, "/").text
    readers = [Reader(project, path) for path in ("/", FICHE, "/candidature/")]
    project.choose(os.environ["RALLYNOV_IMAGE_SUIVANTE"])
    project.compose("run", "--rm", "-T", "sauvegarde")
    project.compose("run", "--rm", "-T", "migrations")
    project.compose("up", "-d", "--no-deps", "travaux", "echeances")
    project.compose("up", "-d", "--no-deps", "site")
    until(lambda: VERSION in read(project, "/candidature/").text, seconds=90, every=0.5)
    seen = [reader.stop() for reader in readers]
    with capsys.disabled():
        sys.stdout.write("\n".join(["", "Mise à jour", *seen, ""]))
    assert all(reader.unserved() < 60 for reader in readers)


def test_what_runs_beside_is_well_and_the_measures_are_for_the_token(project):
    health = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8000/sante/travaux').read().decode())"
    assert '"echeances": true' in project.compose("exec", "-T", "site", "python", "-c", health)
