"""Files sent to the import, as an editor sends them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fiches.models import Importation
from tests.factories import UserFactory
from tests.formulaires import filled_form
from tests.redaction.import_problems import SCREEN


@pytest.fixture
def redaction(client, tree, django_capture_on_commit_callbacks):
    user = UserFactory(role="redaction")
    client.force_login(user)
    return user


@pytest.fixture
def import_file(client, redaction, django_capture_on_commit_callbacks):
    """Sends a file, lets the queue work, and gives the import as it then stands."""

    def send(data, name="fiches.csv", **fields):
        files = fields | {"fichier": SimpleUploadedFile(name, data if isinstance(data, bytes) else data.encode())}
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(SCREEN, files)
        send.answer = answer
        return Importation.objects.first()

    return send


@pytest.fixture
def run_action(client, django_capture_on_commit_callbacks):
    def do(importation, verb, **data):
        """Sends the form of the import's screen, with ``data`` in it."""
        if verb in ("verifier", "creer"):
            data = (
                filled_form(client.get(f"{SCREEN}{importation.pk}/"), f"form[action$='{verb}/'], form.a-corriger")
                | data
            )
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(f"{SCREEN}{importation.pk}/{verb}/", data)
        assert answer.status_code == 302
        return Importation.objects.filter(pk=importation.pk).first()

    return do
