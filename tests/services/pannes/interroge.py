"""What the database says, for the tests of faults: `python tests/services/pannes/interroge.py EXPRESSION`; prints JSON."""

import json
import sys

import django

django.setup()

from datetime import timedelta  # noqa: E402, F401

from django.utils import timezone  # noqa: E402, F401
from django_tasks_db.models import DBTaskResult  # noqa: E402, F401
from wagtail.models import Page, PageLogEntry  # noqa: E402, F401

from fiches.candidatures.models import Dossier, Evenement, PieceJointe, Signalement  # noqa: E402, F401
from fiches.models import Courriel, Echeance, FichePage, Ligne  # noqa: E402, F401

print(json.dumps(eval(sys.argv[1]), default=str))  # noqa: T201
