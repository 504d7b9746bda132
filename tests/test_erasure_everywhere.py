"""A person whose name, address and phone stand in every declared column of every table is nowhere after their erasure."""

import json
import re
import uuid
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage, storages
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.utils import timezone
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Comment, Revision

from etapes.models import EtapePage, Inscription
from fiches.candidatures.models import Dossier
from fiches.models import FicheIndexPage, FichePage
from fiches.publications import ledger
from fiches.upkeep.personal_data.erasure import erase, key_of, replace_in
from fiches.upkeep.personal_data.registry import COLUMNS
from fiches.upkeep.personal_data.search import export_data, find_person, mentions_of
from tests.addresses import accounts_and_records as accounts_and_records
from tests.addresses import module_accounts_and_records as module_accounts_and_records
from tests.conftest import module_transaction
from tests.factories import FichePageFactory

NAME, MAIL, PHONE, POSITION = "Zoé Zanzibàr", "zambeze@ferme.test", "03 81 86 58 59", "Zakouskière"
MARKERS = re.compile(r"zanzib[aà]r|zambeze|zakousk|381865859|3 81 86 58 59", re.IGNORECASE)
SAID = f"Vu avec {NAME}, {MAIL}, {PHONE}."
OF_A_CONTACT = {"nom": NAME, "fonction": POSITION, "telephone": PHONE, "courriel": MAIL}
MADE_BY_THE_MACHINE = {"wagtailsearch.SQLiteFTSIndexEntry"}

pytestmark = pytest.mark.django_db


def row_of(model):
    """The first row of a table, made of nothing but what it must have where there is none."""
    found = model._base_manager.order_by("pk").first()
    if found is None:
        values = {
            field.attname: value
            for field in model._meta.local_concrete_fields
            if (value := required_value(field)) is not None
        }
        [found] = model._base_manager.bulk_create([model(**values)])
        found = model._base_manager.get(pk=found.pk)
    return found


def required_value(field):
    """A value for a column that has to have one, else None."""
    if (
        field.has_default()
        or field.null
        or getattr(field, "auto_created", False)
        or isinstance(field, models.AutoField)
    ):
        return None
    if field.is_relation:
        return row_of(field.related_model).pk
    kinds = {
        models.DateTimeField: timezone.now(),
        models.DateField: timezone.localdate(),
        models.UUIDField: uuid.uuid4(),
        models.IntegerField: 1,
        models.FloatField: 1.0,
        models.BooleanField: False,
        models.JSONField: {},
        models.DurationField: timezone.timedelta(1),
    }
    kind = next((value for kind, value in kinds.items() if isinstance(field, kind)), None)
    return kind if kind is not None else f"x{uuid.uuid4().hex}"[: getattr(field, "max_length", None) or 40]


def value_naming_person(row, field, said):
    """What the column says with the person in it; None for one that is too short to hold an address."""
    value = getattr(row, field.name)
    if isinstance(field, StreamField):
        return field.to_python(json.dumps([in_a_block(field.stream_block)]))
    if isinstance(field, models.JSONField) and field.null and value is None:
        return said  # a JSON string, which SQLite stores without accents
    if isinstance(field, models.JSONField):
        told = {"contact_nom": NAME, "contact_fonction": POSITION, "contact_courriel": MAIL, "texte": said}
        return [*value, MAIL] if isinstance(value, list) else {**(value if isinstance(value, dict) else {}), **told}
    if isinstance(field, models.EmailField) or (field.max_length and field.max_length < len(said)):
        return MAIL if (field.max_length or 254) >= len(MAIL) else None
    return said


def in_a_block(stream):
    """A block of the stream with the person in it."""
    for name, block in stream.child_blocks.items():
        if isinstance(block, blocks.RichTextBlock):
            return {"type": name, "value": f"<p>{SAID}</p>"}
    name, struct = next((name, b) for name, b in stream.child_blocks.items() if isinstance(b, blocks.StructBlock))
    texts = [key for key, each in struct.child_blocks.items() if isinstance(each, blocks.CharBlock | blocks.TextBlock)]
    return {"type": name, "value": {**struct.get_prep_value(struct.get_default()), texts[0]: SAID}}


@pytest.fixture(scope="module")
def module_everywhere(module_accounts_and_records, django_db_blocker):
    """The person in every column that is said to be able to hold one; the columns too short for that are left out."""
    with module_transaction(django_db_blocker):
        plant_everywhere(Client())
        yield


@pytest.fixture
def everywhere(module_everywhere, accounts_and_records):
    return accounts_and_records


def plant_everywhere(client):
    for model, columns in COLUMNS.items():
        row, values = row_of(model), {}
        for group in columns.contacts:
            values |= {name: OF_A_CONTACT.get(name.rpartition("_")[2], SAID) for name in group}
            values |= {shown: True for name in group if hasattr(row, shown := f"{name}_public")}
        for name in (*columns.mentions, *columns.rows):
            value = value_naming_person(row, model._meta.get_field(name), SAID)
            if value is not None:
                values[name] = value
        model._base_manager.filter(pk=row.pk).update(**values)
    session = SessionStore()
    session["wagtail-preview-1"] = (f"titre={SAID}", 1)
    session.save()
    ledger.rebuild()
    call_command("update_index", stdout=StringIO())
    for fiche in FichePage.objects.live():
        client.get(f"/api/v1/fiches/{fiche.slug}")
        client.get(f"{fiche.url}fiche.pdf")


def columns_naming_person():
    """``[table.column: text]`` of each value of the database that names the person."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed or model._meta.label in MADE_BY_THE_MACHINE:
            continue
        for values in model._base_manager.order_by().values():
            for name, value in values.items():
                text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
                text = text.encode("utf-8", "replace").decode("unicode_escape", "replace") if "\\u" in text else text
                if MARKERS.search(text):
                    yield f"{model._meta.label}.{name}"
    for session in Session.objects.all():
        if MARKERS.search(str(session.get_decoded())):
            yield "sessions.Session"


def files(storage, folder=""):
    folders, names = storage.listdir(folder)
    for name in names:
        path = f"{folder}/{name}".lstrip("/")
        with storage.open(path) as file:
            if MARKERS.search(f"{path} {file.read().decode('latin-1')}"):
                yield path
    for inner in folders:
        yield from files(storage, f"{folder}/{inner}".lstrip("/"))


def erase_everywhere():
    """Erases the person by the address, then ticks what is listed."""
    person, counts = find_person(MAIL), erase(find_person(MAIL))
    for mention in list(mentions_of(person)):
        replace_in(person, key_of(mention.row))
    return counts


def test_an_erased_person_is_in_no_table_file_log_nor_mail(everywhere, caplog, django_capture_on_commit_callbacks):
    assert len(set(columns_naming_person())) > 90
    caplog.clear()
    with django_capture_on_commit_callbacks(execute=True):
        counts = erase_everywhere()
    assert sorted(set(columns_naming_person())) == []
    assert [*files(default_storage), *files(storages["private"])] == []
    assert not MARKERS.search(caplog.text)
    assert counts["autres textes"] > 50


def test_what_is_held_of_a_person_is_told_column_by_column(everywhere):
    person = find_person(MAIL)
    assert NAME in person.names and person.phones == {"381865859"}
    data = export_data(MAIL, NAME)
    assert len(data["mentions"]) > 60
    assert {"commentaire", "import"} <= {mention["quoi"] for mention in data["mentions"]}
    assert all(MARKERS.search(mention["extrait"]) for mention in data["mentions"])


def test_the_address_alone_takes_the_person_from_each_row_that_bears_it(everywhere, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erase(find_person(MAIL))
    without_an_address = {"rallynov_palmares.Jure.nom", "rallynov_palmares.Jure.fonction"}
    assert set(columns_naming_person()) == without_an_address
    assert "Zanzibàr" not in str(Comment.objects.values()) + str(Revision.objects.values("content"))
    left = " ".join(str(values) for values in FichePage.objects.values("contact_nom", "contact_fonction", "corps"))
    assert "Zanzibàr" not in left and "Zakous" not in left


def test_an_accented_name_leaves_a_text_that_is_stored_as_json(everywhere):
    dossier = Dossier.objects.create(courriel="autre@ferme.test")
    change = dossier.modifications.create(
        revision=1, champ="chapo", apres="Zoé Zanzibàr aide. Karl Lebrun aussi.", avant=None
    )
    erase_everywhere()
    change.refresh_from_db()
    assert change.apres == "– aide. Karl Lebrun aussi."


def test_who_names_the_person_in_their_own_contact_keeps_the_rest_of_it(everywhere):
    fiche = FichePageFactory(
        parent=FicheIndexPage.objects.first(),
        contact_nom="Ursule Bertin",
        contact_fonction="Assistante de Zoé Zanzibàr",
    )
    luc = Inscription.objects.create(
        etape=EtapePage.objects.first(),
        nom="Luc Tiersun",
        courriel="luc@ferme.test",
        organisation="Cabinet Zoé Zanzibàr",
        besoins="Avec Zoé Zanzibàr",
    )
    dossier = Dossier.objects.create(
        courriel="ursule@ferme.test",
        reponses={"contact_nom": "Ursule Bertin", "contact_fonction": "Bras droit de Zoé Zanzibàr"},
    )
    erase_everywhere()
    for row in (fiche, luc, dossier):
        row.refresh_from_db()
    assert (fiche.contact_nom, fiche.contact_fonction) == ("Ursule Bertin", "Assistante de –")
    assert (luc.nom, luc.courriel, luc.organisation, luc.besoins) == (
        "Luc Tiersun",
        "luc@ferme.test",
        "Cabinet –",
        "Avec –",
    )
    assert dossier.reponses == {"contact_nom": "Ursule Bertin", "contact_fonction": "Bras droit de –"}


def test_who_has_nearly_the_same_name_or_address_stays(tree, everywhere):
    other = FichePageFactory(
        parent=tree.fiches,
        slug="autre",
        revision=True,
        contact_nom="Zoé Zanzibàrre",
        contact_courriel="anne.zambeze@ferme.test",
        contact_telephone=PHONE,
    )
    erase_everywhere()
    other.refresh_from_db()
    assert (other.contact_nom, other.contact_courriel) == ("Zoé Zanzibàrre", "anne.zambeze@ferme.test")
    assert other.contact_telephone == PHONE  # of the house
    content = other.latest_revision.content
    assert (content["contact_nom"], content["contact_telephone"]) == ("Zoé Zanzibàrre", PHONE)
