"""The key of what is sent from a form: sent twice (double click, reload, back button), it is stored once."""

from uuid import NAMESPACE_OID, UUID, uuid5


def submission_key(mark: object, *texts: str) -> UUID:
    """Returns the key of these texts, sent from the opening of a form that ``mark`` identifies: other texts sent from it, after
    the back button, have another key."""
    return uuid5(NAMESPACE_OID, repr((str(mark), *texts)))
