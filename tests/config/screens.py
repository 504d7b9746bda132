"""What several test modules of this room do and read on its screens."""

from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents.models import Document


def document(title="plan", **fields):
    return Document.objects.create(title=title, file=ContentFile(b"le contenu", name=f"{title}.txt"), **fields)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def read(address, client=None):
    response = (client or Client()).get(address)
    return response.getvalue() if response.status_code == 200 else response.status_code
