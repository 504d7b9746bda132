"""Builds raw StreamField values from the bodies in ``contenu/``."""

import uuid

from wagtail.blocks.stream_block import StreamValue

from demo.content import NAMESPACE
from demo.pictures import document_of, picture_for
from demo.typography import rich, typeset


class BodyBuilder:
    """Builds the bodies of one page. Block ids are derived from its ``key``, so that they are the same each time."""

    def __init__(self, key, *, exemple=True):
        self.key = key
        self.exemple = exemple
        self.count = 0

    def build(self, blocks):
        """Returns the raw StreamField value of ``[{type: content}, …]``."""
        return [self._block(kind, content) for block in blocks or [] for kind, content in block.items()]

    def page_block(self, kind, title, pages):
        """A road book's block that selects ``pages``, in a list. ``kind``: "fiches" or "etapes"."""
        value = {"titre": typeset(title), kind: self._items(page.pk for page in pages)}
        return [{"type": kind, "value": value, "id": self._id()}]

    def prize_block(self, title, edition):
        """A road book's block that shows the prizes of ``edition``, in a list."""
        return [{"type": "prix", "value": {"titre": typeset(title), "edition": edition.pk}, "id": self._id()}]

    def _block(self, kind, content):
        return {"type": kind, "value": getattr(self, f"_{kind}")(content), "id": self._id()}

    def _id(self):
        self.count += 1
        return str(uuid.uuid5(NAMESPACE, f"{self.key}/{self.count}"))

    def _items(self, values):
        return [{"type": "item", "value": value, "id": self._id()} for value in values]

    def _titre(self, text):
        return typeset(text)

    def _texte(self, text):
        return rich(text)

    def _citation(self, content):
        return _typeset(content, "texte", "auteur", "fonction")

    def _chiffres_cles(self, figures):
        return {"chiffres": self._items(_typeset(figure, "valeur", "libelle") for figure in figures)}

    def _mise_en_oeuvre(self, steps):
        return {"etapes": self._items(_typeset(step, "quand", "titre", "texte") for step in steps)}

    def _image(self, content):
        image, alt = picture_for(content["motif"], f"{self.key}-{content['motif']}", exemple=self.exemple)
        picture = {"image": image.pk, "alt_text": alt, "decorative": False}
        return {"image": picture, "legende": typeset(content.get("legende"))}

    def _galerie(self, pictures):
        return {"images": self._items(self._image(picture) for picture in pictures)}

    def _video(self, content):
        texts = _typeset(content, "titre", "duree")
        return {
            **texts,
            "adresse": content["adresse"],
            "vignette": None,
            "transcription": rich(content["transcription"]),
        }

    def _document(self, content):
        document = document_of(content["fichier"], content["titre"])
        return {"document": document.pk, "titre": document.title}

    def _moment(self, content):
        hours = {"debut": content.get("debut"), "fin": content.get("fin")}
        texts = _typeset(content, "titre", "intervenants")
        return {**hours, **texts, "texte": rich(content["texte"]) if content.get("texte") else ""}

    _intervention = _debat = _table_ronde = _visite = _presentation = _pause = _moment


def _typeset(content, *names):
    return {name: typeset(content.get(name)) for name in names}


def stream_value(field, raw):
    """Converts raw data to a ``StreamValue`` of ``field``."""
    return StreamValue(field.stream_block, raw, is_lazy=True)
