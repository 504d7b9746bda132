"""Loads the examples that are in moderation."""

from demo import fiches
from demo.pages import draft
from demo.records import make_example_edition


def load_moderation(entries, *, index, grid, partners, users):
    """Creates the fiches in the state of their ``parcours`` (brouillon, relecture, approbation or refus); returns their
    number."""
    for entry in entries:
        by = users[entry["par"]]
        key, edition = f"fiche-{entry['cle']}", make_example_edition(entry["edition"])
        fiche = draft(fiches.build(entry, grid, partners, key=key, edition=edition), parent=index, key=key, by=by)
        TRANSITIONS[entry["parcours"]](fiche, entry, by, users)
    return len(entries)


def _submit(fiche, entry, by, users):
    return fiche.get_workflow().start(fiche, by)


def _reread(fiche, entry, by, users):
    """Submits and passes the reading. (An author of the communication staff skips it.)"""
    state = _submit(fiche, entry, by, users)
    if by != users["redaction"]:
        state.current_task_state.approve(user=users["redaction"])


def _refuse(fiche, entry, by, users):
    _reread(fiche, entry, by, users)
    state = fiche.current_workflow_state
    state.current_task_state.reject(user=users["moderation"], comment=entry["motif"])


def _keep(fiche, entry, by, users):
    """Leaves a draft as it is."""


TRANSITIONS = {"brouillon": _keep, "relecture": _submit, "approbation": _reread, "refus": _refuse}
