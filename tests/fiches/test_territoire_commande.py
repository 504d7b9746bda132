"""`manage.py territoire`."""

import pytest
from django.core.management import call_command

from fiches.models import Commune

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


def run(capsys, *args):
    call_command("territoire", *args)
    return capsys.readouterr().out.splitlines()


def test_without_an_option_the_shipped_gazetteer_is_loaded_and_counted(capsys):
    Commune.objects.filter(pk="25241").delete()
    assert run(capsys) == [
        f"Doubs{NBSP}: 563 communes, dont 563 avec une position.",
        f"Jura{NBSP}: 492 communes, dont 492 avec une position.",
        f"Haute-Saône{NBSP}: 536 communes, dont 536 avec une position.",
        f"Territoire de Belfort{NBSP}: 101 communes, dont 101 avec une position.",
        f"Ensemble{NBSP}: 1692 communes, dont 1692 avec une position.",
    ]
    assert Commune.objects.get(pk="25241").nom == "Flagey"
