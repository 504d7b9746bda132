"""What people do in the example host (docs/hote); prints what was seen, as JSON. Run in a copy of its folder."""

# ruff: noqa: E402 - Django is set up before its models are imported
import json
import sys
from datetime import date
from io import BytesIO

import django

django.setup()

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from medias.models import Fichier, Photo
from ninja import Schema
from PIL import Image
from pypdf import PdfReader
from reseau.models import Article, FicheDuReseau, Visite
from wagtail.models import Page

from etapes.carnets.mail_composition import compose
from etapes.carnets.models import CarnetIndexPage, CarnetPage
from etapes.models import EtapeIndexPage, EtapePage
from fiches.admin.importation.run import build_fiche
from fiches.diffusion.api.page_resource import register_page_type
from fiches.diffusion.models import Webhook
from fiches.models import Commune, FicheIndexPage, FichePage
from tests.formulaires import filled_form


class Contenu(Schema):
    reference: str


# As the AppConfig.ready() of the host's app does.
register_page_type(
    Article, "article", shape=Contenu, own=lambda pages: {page.pk: {"reference": page.uid} for page in pages}
)
HOST = "localhost"
BILAN = {"annee": 2013, "emplois": 4, "commentaire": '<p>Le <b>fournil</b> : <a linktype="page" id="%s">ici</a>.</p>'}
seen = {}


def read(address, client=None):
    """``[status, text]`` of an answer."""
    answer = (client or Client(headers={"host": HOST})).get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return [answer.status_code, content.decode("utf-8", "replace")]


def api(address):
    return json.loads(read(f"/rallye/api/v1/{address}")[1])


def pdf_text(address):
    pages = PdfReader(BytesIO(Client(headers={"host": HOST}).get(address).content)).pages
    return "\n".join(page.extract_text() for page in pages)


def as_member(name, group):
    """A browser logged in as a new account of a group."""
    user = get_user_model().objects.create(username=name, email=f"{name}@hote.test")
    user.groups.add(Group.objects.get(name=group))
    client = Client(headers={"host": HOST})
    client.force_login(user)
    return client


def sent(client, page, **typed):
    """The status of the answer to the page's form, sent with what is typed."""
    address = f"/admin/pages/{page.pk}/edit/"
    form = {name: value for name, value in filled_form(client.get(address)).items() if not name.startswith("comments-")}
    return client.post(
        address, {**form, "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", **typed}
    ).status_code


def media():
    file = BytesIO()
    Image.new("RGB", (600, 400), "#2d5a3d").save(file, "JPEG")
    photo = Photo(title="Le four", credit="Anne Dupré", file=ContentFile(file.getvalue(), "four.jpg"))
    photo.save()
    text = ContentFile(b"Le levain naturel.", "levain.txt")
    return photo, Fichier.objects.create(title="La recette", file=text, reference="R-7")


def published(parent, page):
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def namesake(chief, home, document):
    """What the admin and the API do with a page of the host's own type, whose fields have the names of ours."""
    values = {"corps": "<p>Un texte</p>", "uid": "A-12", "commune": "Besançon", "exemple": "non", "edition": "deux"}
    blocks = [{"type": "texte", "value": {"titre": "Un titre"}}]
    page = Article(
        title="Un article", slug="article", introduction=blocks, photo=document, commence_le="hier", **values
    )
    published(home, page)
    webhook = {"nom": "Le miroir", "adresse": "https://miroir.example/", "actif": "on"}
    chief.post("/admin/webhooks/abonnes/new/", webhook)
    return {
        "enregistrée": sent(chief, page, commune="Dole", **{"action-publish": "action-publish"}),
        "uid": Article.objects.get().uid,
        "pages": api("pages?par_page=100"),
        "page": api("pages?chemin=/article/"),
        "de son type": api("pages?type=article&champs=slug,type")["items"],
        "abonnements": Webhook.objects.count(),
    }


def main():
    chief = Client(headers={"host": HOST})
    chief.force_login(get_user_model().objects.create(username="chef", email="chef@hote.test", is_superuser=True))
    home = Page.objects.get(depth=2)
    fiches = published(home, FicheIndexPage(title="Innovations", slug="innovations"))
    photo, document = media()
    plain = published(fiches, FichePage(title="Simple", slug="simple", organisation="Les Simples"))
    fiche = FicheDuReseau(
        title="Le four partagé",
        slug="four",
        organisation="Les Fournées",
        chapo="Un four que tout le village allume.",
        budget=12500,
        devise="Du pain pour chacun",
        photo=photo,
        photo_alt="Un four",
        commune=Commune.objects.get(code_insee="25056"),
        corps=[
            {"type": "bilan", "value": {**BILAN, "commentaire": BILAN["commentaire"] % plain.pk}},
            {"type": "document", "value": {"document": document.pk, "titre": ""}},
            {"type": "image", "value": {"image": {"image": photo.pk, "alt_text": "Un four", "decorative": False}}},
        ],
    )
    published(fiches, fiche)
    seen["accueil de l’administration"] = read("/admin/", chief)
    seen["formulaire"] = form = read(f"/admin/pages/{fiche.pk}/edit/", chief)
    readers = [as_member("rémi", "Rédaction"), as_member("max", "Modération")]
    saved = sent(
        as_member("rose", "Rédaction"), fiche, devise="Du pain pour tous", **{"action-submit": "action-submit"}
    )
    fiche = FicheDuReseau.objects.get()
    seen["enregistré"] = [form[0], saved, fiche.devise, fiche.get_latest_revision_as_object().devise]
    seen["relue"] = []
    for reader in readers:
        screen = f"/admin/redaction/innovations/{fiche.pk}/"
        reader.post(screen, filled_form(reader.get(screen), "form:has(input[name=action][value=approve])"))
        seen["relue"].append(FicheDuReseau.objects.get().devise)
    fiche = FicheDuReseau.objects.get()
    seen["aperçu"] = fiche.get_latest_revision_as_object().make_preview_request().rendered_content
    seen["page"] = read("/innovations/four/")
    seen["page simple"] = read("/innovations/simple/")
    seen["liste"] = read("/innovations/?q=tous+pain+chacun+four")
    seen["mots"] = {word: [each["slug"] for each in api(f"fiches?q={word}")["items"]] for word in sys.argv[1:]}
    seen["api"] = api("fiches/four")
    seen["api simple"] = api("fiches/simple")
    seen["choix"] = api("fiches?champs=slug,budget")["items"]
    seen["page de l’api"] = api("pages?chemin=/innovations/four/")["items"][0]
    seen["openapi"] = api("openapi.json")["components"]["schemas"]
    seen["pdf"] = pdf_text("/innovations/four/fiche.pdf")
    seen["cadre"] = read("/rallye/integration/fiche/four/")
    seen["atom"] = read("/innovations/flux.atom")
    seen["document"] = read(fiche.corps[1].value["document"].url)
    Visite.objects.create(fiche=fiche, jour=date(2013, 4, 8))
    seen["visites"] = api("fiches/four")["visites"]
    Visite.objects.all().delete()
    seen["sans visite"] = api("fiches/four")["visites"]
    carnets = published(home, CarnetIndexPage(title="Carnets", slug="carnets"))
    bilan = {"type": "bilan", "value": {**BILAN, "commentaire": ""}}
    cards = {"type": "fiches", "value": {"titre": "À lire", "fiches": [fiche.pk]}}
    numero = CarnetPage(title="Avril", slug="avril", numero=1, date=date(2013, 4, 1), corps=[bilan, cards])
    published(carnets, numero)
    seen["carnet"] = read("/carnets/avril/")
    seen["api du carnet"] = api("carnets/avril")
    seen["courrier"] = compose(numero)
    seen["dépliant"] = pdf_text("/carnets/avril/carnet.pdf")
    seen["homonyme"] = namesake(chief, home, document)
    etapes = published(home, EtapeIndexPage(title="Étapes", slug="etapes"))
    published(etapes, EtapePage(title="Dole", slug="dole", date=date(2013, 4, 8), photo=photo, photo_alt="Un four"))
    seen["étape"] = read("/etapes/dole/")
    seen["créées"] = [
        [model.can_create_at(fiches) for model in (FichePage, FicheDuReseau)],
        type(build_fiche({"title": "Importée"})).__name__,
    ]
    json.dump(seen, sys.stdout)


main()
