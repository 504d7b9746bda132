"""Dossiers created by code for the browser tests. `test_candidatures` fills one in and sends it through the form."""

import json
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.database_templates import PRODUCT, ROOT, digest
from tests.demonstration import LOAD, READ_ALL, environment

MAKE = """
import json
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from fiches.candidatures.answers import save_answers
from fiches.candidatures.consentements import withdraw_consent
from fiches.candidatures.invitation import begin, invite
from fiches.candidatures.models import Dossier, Signalement
from fiches.candidatures.pieces import attach
from fiches.candidatures.submission import submit_dossier
from fiches.candidatures.team_messages import ask_for_proof
from fiches.candidatures.invitation import mint, revoke
from fiches.mail.outbox import silence
from tests.pictures import picture

link = lambda dossier: reverse("candidature_dossier", args=[mint(dossier)])
admin = get_user_model().objects.get(username="admin")
known = Dossier.objects.with_etat().filter(etat="publie").first()

def sent(courriel, *, photo=False, **answers):
    dossier = begin(courriel=courriel, appel=known.appel)
    answers = {**known.reponses, "contact_courriel": courriel, **answers}
    if photo:
        attach(dossier=dossier, role="photo", file=SimpleUploadedFile("vache.jpg", picture(), "image/jpeg"))
        answers |= {"photo_alt": "Une vache", "consentement_droits_photo": True}
    save_answers(dossier=dossier, typed=answers, seen=0)
    return submit_dossier(dossier=dossier)

tilleuls = {"organisation": "Fruitière des Tilleuls", "commune": "Flagey (25330)"}
with silence():
    states = {dossier.etat: link(dossier) for dossier in Dossier.objects.filter(exemple=True)}
    tip = Signalement.objects.create(organisation="Scierie du Lac", innovation="Le tri à deux.", contact="lac@scierie.test")
    states["invite"] = link(invite(signalement=tip, by=admin))
    lost = Dossier.objects.with_etat().filter(etat="recu").first()
    states["lien_perdu"] = link(lost)
    revoke(lost)
    states["recu"] = link(lost)
    without = sent("sans@accord.test")
    withdraw_consent(dossier=without, finalite="publication")
    states["sans_accord"] = link(without)
    proof = ask_for_proof(dossier=Dossier.objects.with_etat().filter(etat="approuve").first(), by=admin)
    states["bon_a_tirer"] = reverse("candidature_bon_a_tirer", args=[mint(proof.dossier)])
    dossiers = [
        sent("corrige@tilleuls.test", titre="Le lait de nuit", **tilleuls),
        sent("epreuve@tilleuls.test", titre="La pâte du matin", photo=True, **tilleuls),
    ]
    drafts = [link(begin(courriel=f"brouillon-{number}@tilleuls.test", appel=known.appel)) for number in range(15)]
print(json.dumps({"states": states, "sent": {each.courriel: link(each) for each in dossiers}, "drafts": drafts}))
"""


@pytest.fixture(scope="session")
def demo_with_dossiers(demo_with_sizes, make_once):
    """``(a copy of that folder which holds the dossiers too, their links)``: see `dossiers`."""

    def make(folder):
        shutil.copytree(demo_with_sizes, folder, dirs_exist_ok=True)
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", MAKE]
        completed = subprocess.run(
            command, cwd=ROOT, env=environment(folder), check=True, stdout=subprocess.PIPE, text=True
        )
        return json.loads(completed.stdout.splitlines()[-1])

    return make_once("dossiers", make, made_from=digest(PRODUCT, LOAD, READ_ALL, MAKE))


@pytest.fixture(scope="session")
def dossiers(demo_with_dossiers):
    """Links to dossiers: ``states`` (``{state: link}``), ``sent`` (``{address of the company: link}``) and ``drafts``, in which
    nothing is written (a list, from which a test takes its own: `draft`)."""
    return SimpleNamespace(**demo_with_dossiers[1])


@pytest.fixture
def draft(dossiers):
    """The link to a dossier in which nothing is written yet."""
    return dossiers.drafts.pop()
