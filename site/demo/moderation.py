"""Examples on their way: what staff find to read, approve and finish."""

from demo import fiches
from demo.pages import draft, found


def load_moderation(entries, *, index, grid, partners, users):
    """How many were made; each stands where its ``parcours`` says: brouillon, relecture, approbation or refus."""
    count = 0
    for entry in entries:
        key = f"fiche-{entry['cle']}"
        if found(key):
            continue
        by = users[entry["par"]]
        fiche = draft(fiches.example(entry, grid, partners), parent=index, key=key, by=by)
        ROUTES[entry["parcours"]](fiche, entry, by, users)
        count += 1
    return count


def _submit(fiche, entry, by, users):
    return fiche.get_workflow().start(fiche, by)


def _reread(fiche, entry, by, users):
    """Where the author is the only one who could, nobody rereads it."""
    state = _submit(fiche, entry, by, users)
    if by != users["redaction"]:
        state.current_task_state.approve(user=users["redaction"])


def _refuse(fiche, entry, by, users):
    _reread(fiche, entry, by, users)
    state = fiche.current_workflow_state
    state.current_task_state.reject(user=users["moderation"], comment=entry["motif"])


def _keep(fiche, entry, by, users):
    """A draft stays with its author."""


ROUTES = {"brouillon": _keep, "relecture": _submit, "approbation": _reread, "refus": _refuse}
