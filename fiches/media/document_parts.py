"""What the readers of PDF and office documents share: the exception of a refusal, and the cleaning of pictures.

Imports neither Django nor settings: ``document_reader`` runs it in its subprocess.
"""

from fiches.media.embedded_pictures import clean_picture
from fiches.media.metafiles import Uncleanable


class DocumentRefused(Exception):  # noqa: N818 - an answer, not a fault
    """The document is not accepted; the message is the code of the reason."""


def cleaned_picture(content: bytes, removed: set[str]) -> bytes:
    """Returns a picture without its metadata; returns anything else as it is.

    :param removed: gets the code of what was taken off.
    :raises DocumentRefused: a kind of picture that can't be cleaned.
    """
    try:
        cleaned = clean_picture(content)
    except Uncleanable:
        raise DocumentRefused("kind_of_picture") from None
    if cleaned != content:
        removed.add("pictures")
    return cleaned
