"""Tips, and the invitation of the organisation."""

import errno
from datetime import timedelta
from io import StringIO
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from fiches.candidatures.models import Dossier, Signalement
from tests.candidatures.conftest import photo, text
from tests.candidatures.screens import TIP, send


def test_a_tip_becomes_an_invitation_and_a_prefilled_dossier(visitor, staff):
    thanks = send(visitor).url
    assert thanks == "/signaler/merci/"
    assert "Si vous avez donné votre adresse, l’équipe vous écrira seulement pour une question." in text(
        visitor.get(thanks)
    )
    tip = Signalement.objects.get()
    assert (tip.organisation, tip.contact, tip.suite) == ("Boulangerie du Coin, Dole", "pain@coin.test", "nouveau")
    assert "Inviter Boulangerie du Coin, Dole" in text(staff.get("/admin/candidatures/signalements/"))

    staff.post(f"/admin/candidatures/signalements/{tip.pk}/inviter/")
    staff.post(f"/admin/candidatures/signalements/{tip.pk}/inviter/")
    dossier = Dossier.objects.get()
    assert (dossier.courriel, dossier.organisation) == ("pain@coin.test", "Boulangerie du Coin, Dole")
    [message] = mail.outbox
    assert (message.to, message.subject) == (["pain@coin.test"], "Votre innovation a été remarquée")
    link = message.body.split("http://testserver")[1].split()[0]
    form = visitor.get(f"{link}innovation/").context["form"]
    assert form["description"].value() == "Elle forme des personnes éloignées de l’emploi."
    assert Signalement.objects.get().suite == "invite"


def test_a_tip_about_an_organisation_that_has_a_dossier_sends_its_link_and_begins_none(visitor, staff):
    visitor.ask_for_link("pain@coin.test")
    send(visitor)
    mail.outbox.clear()
    staff.post(f"/admin/candidatures/signalements/{Signalement.objects.get().pk}/inviter/")
    dossier = Dossier.objects.get()
    assert dossier.signalement == Signalement.objects.get()
    assert [message.to for message in mail.outbox] == [["pain@coin.test"]]


def test_nobody_is_invited_to_a_dossier_that_could_not_be_sent(visitor, staff, appel):
    send(visitor)
    appel.delete()
    tip = Signalement.objects.get()
    answer = staff.post(f"/admin/candidatures/signalements/{tip.pk}/inviter/", follow=True)
    assert "Aucun appel n’est ouvert. Invitez l’organisation quand un appel sera ouvert." in text(answer)
    assert (Dossier.objects.count(), Signalement.objects.get().suite) == (0, "nouveau")


@pytest.mark.parametrize("hostile", ["\x00x", "<script>alert(1)</script>", "é" * 10_000, "a\r\nBcc: b@x.test", "=1+1"])
def test_a_hostile_tip_is_kept_harmless_or_told_beside_its_field(visitor, staff, hostile):
    response = send(visitor, organisation=hostile, innovation=hostile)
    assert response.status_code in {200, 302}
    if response.status_code == 200:
        assert set(response.context["form"].errors) <= {"organisation", "innovation"}
    assert b"<script>alert(1)" not in staff.get("/admin/candidatures/signalements/").content
    assert not any("\x00" in tip.organisation for tip in Signalement.objects.all())


def test_a_tip_sent_twice_is_kept_once(visitor):
    send(visitor)
    send(visitor)
    assert Signalement.objects.count() == 1


def test_a_tip_without_its_two_essential_answers_keeps_what_was_typed(visitor):
    response = send(visitor, organisation="\u200b\u200b", innovation="")
    assert Signalement.objects.count() == 0
    assert response.context["form"].errors == {
        "organisation": ["Ce champ est obligatoire\u00a0: remplissez-le."],
        "innovation": ["Ce champ est obligatoire\u00a0: remplissez-le."],
    }
    assert 'value="pain@coin.test"' in text(response)


def test_a_tip_without_address_can_not_be_invited(visitor, staff):
    send(visitor, contact="")
    tip = Signalement.objects.get()
    answer = staff.post(f"/admin/candidatures/signalements/{tip.pk}/inviter/", follow=True)
    assert "Écrivez d’abord le courriel de l’organisation." in text(answer)
    assert Dossier.objects.count() == 0


def test_a_tip_keeps_its_place_and_a_photo_that_only_the_team_sees(visitor, staff):
    page = BeautifulSoup(visitor.get("/signaler/").content, "html.parser")
    labels = {label["for"]: " ".join(label.text.split()) for label in page.select("form.formulaire label[for]")}
    assert (labels["id_lieu"], labels["id_photo"]) == ("Où se trouve-t-elle ?", "Avez-vous une photo ?")
    assert send(visitor, lieu="Dole", photo=photo()).url == "/signaler/merci/"
    tip = Signalement.objects.get()
    assert (tip.lieu, tip.photo.name.startswith("signalements/"), "vache" in tip.photo.name) == ("Dole", True, False)
    address = f"/admin/candidatures/signalements/{tip.pk}/photo/"
    screen = text(staff.get(f"/admin/candidatures/signalements/edit/{tip.pk}/"))
    assert f'src="{address}"' in screen and 'value="Dole"' in screen
    shown = staff.get(address)
    assert (shown["Content-Type"], "no-store" in shown["Cache-Control"]) == ("image/jpeg", True)
    assert visitor.get(address).status_code == 302


def test_the_command_exports_what_a_person_sent_and_replaces_no_file(visitor, tmp_path):
    send(visitor, photo=photo())
    archive = tmp_path / "donnees.zip"
    call_command("exporter_personne", TIP["de"], str(archive), stdout=StringIO())
    exported = archive.read_bytes()
    with ZipFile(archive) as files:
        assert files.namelist() == ["donnees.json", f"fichiers/{Signalement.objects.get().photo.name}"]
        assert TIP["organisation"] in files.read("donnees.json").decode()
    with pytest.raises(CommandError, match=f"Rien n’a été écrit : {archive} ne peut pas être créé"):
        call_command("exporter_personne", "autre@x.test", str(archive), stdout=StringIO())
    assert archive.read_bytes() == exported
    with pytest.raises(CommandError, match="Rien n’a été écrit : .*/absent/donnees.zip ne peut pas être créé"):
        call_command("exporter_personne", TIP["de"], str(tmp_path / "absent" / "donnees.zip"), stdout=StringIO())


def test_the_photo_of_a_tip_leaves_with_it(visitor, staff):
    send(visitor, photo=photo())
    tip = Signalement.objects.get()
    storage, name = tip.photo.storage, tip.photo.name
    assert storage.exists(name)
    with staff.capture(execute=True):
        call_command("effacer_personne", TIP["de"], stdout=StringIO())
    assert (Signalement.objects.count(), storage.exists(name)) == (0, False)


def test_the_files_of_an_erased_person_leave_a_storage_that_failed_an_hour_later(visitor, staff, monkeypatch, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    for organisation in ("Boulangerie du Coin", "Garage solidaire"):
        send(visitor, organisation=organisation, photo=photo())
    names = [tip.photo.name for tip in Signalement.objects.all()]
    storage = storages["private"]
    storage.save("diffusion/fiche-1/imprimee.pdf", ContentFile(b"%PDF"))

    def fails(*args):
        raise OSError(errno.EIO, "The bucket fails")

    with monkeypatch.context() as broken, staff.capture(execute=True):
        broken.setattr(type(storage), "delete", fails)
        call_command("effacer_personne", TIP["de"], stdout=StringIO())
    assert (Signalement.objects.count(), [storage.exists(name) for name in names]) == (0, [True, True])
    for task in DBTaskResult.objects.filter(run_after__gt=timezone.now() + timedelta(minutes=59)):
        task.task.call(*task.args_kwargs["args"])
    assert [storage.exists(name) for name in names] == [False, False]


def test_what_is_no_picture_is_told_beside_it_and_the_texts_are_kept(visitor):
    liar = SimpleUploadedFile("vache.jpg", b"<script>", content_type="image/jpeg")
    answer = send(visitor, lieu="Dole", photo=liar)
    assert list(answer.context["form"].errors) == ["photo"]
    assert 'value="Dole"' in text(answer)
    assert Signalement.objects.count() == 0


def test_a_photo_of_a_refused_tip_is_asked_again(visitor):
    answer = send(visitor, innovation="", photo=photo())
    message = ["Choisissez la photo encore une fois : le navigateur ne la garde pas."]
    assert {
        name: [each.replace("\u00a0", " ") for each in errors] for name, errors in answer.context["form"].errors.items()
    } == {
        "innovation": ["Ce champ est obligatoire : remplissez-le."],
        "photo": message,
    }


@pytest.mark.parametrize(("place", "commune"), [("Dole", "Dole (39100, Jura)"), ("près de la gare", None)])
def test_the_place_of_a_tip_is_the_commune_of_the_dossier_if_it_names_one(visitor, staff, place, commune):
    send(visitor, lieu=place)
    staff.post(f"/admin/candidatures/signalements/{Signalement.objects.get().pk}/inviter/")
    assert Dossier.objects.get().reponses.get("commune") == commune
