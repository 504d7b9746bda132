"""What the database says and what commands do, for the tests of faults: takes orders, one JSON a line, and answers each with a line.
Each order is run in a fork of a process that has only started Django: two seconds less than a start, and what an order leaves in
memory the next doesn't see."""

import json
import os
import sys
import tempfile
import traceback

import django

django.setup()

# Imported once Django is set up; what nothing here uses (F401) is for the code that this process is sent.
from datetime import timedelta  # noqa: E402, F401

from django.core.management import execute_from_command_line  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402, F401
from django_tasks_db.models import DBTaskResult  # noqa: E402, F401
from wagtail.models import Page, PageLogEntry, WorkflowState  # noqa: E402, F401

from fiches.candidatures.models import Dossier, PieceJointe, Signalement  # noqa: E402, F401
from fiches.models import Courriel, Echeance, FichePage, Publication  # noqa: E402, F401
from tests.services.pannes.aller_retour import upgrade_losses  # noqa: E402, F401
from tests.services.pannes.contenu import counts, fingerprints  # noqa: E402, F401

answers = os.fdopen(os.dup(1), "w")


def answer(order):
    """``[value, error]`` of an expression, or of a command, as a list of its words."""
    try:
        return [run(order) if isinstance(order, list) else eval(order), None]
    except Exception:  # told whole to who asked, whose test fails with it
        return [None, traceback.format_exc()]
    finally:
        connections.close_all()


def run(words):
    """``[exit code, standard output, standard error]`` of a command of manage.py."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        try:
            code = execute_from_command_line(["manage.py", *words])
        except SystemExit as end:
            code = end.code
        sys.stdout.flush()
        return [code or 0, *(file.seek(0) or file.read() for file in (out, err))]


def say(told):
    answers.write(json.dumps(told, default=str) + "\n")
    answers.flush()


say("ready")
for line in sys.stdin:
    if not os.fork():
        say(answer(json.loads(line)))
        os._exit(0)
    _pid, status = os.wait()
    if status:
        say([None, f"the process of {line} ended with {status}"])
