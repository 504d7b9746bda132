"""What the database says, for the tests of faults: takes expressions, one JSON a line, and answers each with a line."""

import json
import sys
import traceback

import django

django.setup()

from datetime import timedelta  # noqa: E402, F401

from django.db import connections  # noqa: E402
from django.db.migrations.recorder import MigrationRecorder  # noqa: E402, F401
from django.utils import timezone  # noqa: E402, F401
from django_tasks_db.models import DBTaskResult  # noqa: E402, F401
from wagtail.models import Page, PageLogEntry, WorkflowState  # noqa: E402, F401

from fiches.candidatures.models import Dossier, Evenement, PieceJointe, Signalement  # noqa: E402, F401
from fiches.candidatures.submission import submit_dossier  # noqa: E402, F401
from fiches.models import (  # noqa: E402, F401
    Courriel,
    Echeance,
    FichePage,
    Publication,
    RechercheVaine,
)
from home.models import IllustrationRendition  # noqa: E402, F401
from tests.services.pannes.aller_retour import demonstrate, losses, steps  # noqa: E402, F401
from tests.services.pannes.contenu import fingerprints  # noqa: E402, F401


def answer(expression):
    """``[value, error]``; no connection stays open: the base may be stopped, replaced or copied before the next."""
    try:
        return [eval(expression), None]
    except Exception:  # told whole to who asked, whose test fails with it
        return [None, traceback.format_exc()]
    finally:
        connections.close_all()


def say(told):
    sys.stdout.write(json.dumps(told, default=str) + "\n")
    sys.stdout.flush()


say("ready")
for line in sys.stdin:
    say(answer(json.loads(line)))
