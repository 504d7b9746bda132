"""From a body in ``contenu/`` to the raw value of a StreamField."""

import uuid

from wagtail.blocks.stream_block import StreamValue

from demo.content import NAMESPACE
from demo.pictures import described, document_of
from demo.typography import rich, typeset


class BodyBuilder:
    """Makes the bodies of one page; block ids follow from its key, so that they are the same each time."""

    def __init__(self, key, *, exemple=True):
        self.key = key
        self.exemple = exemple
        self.made = 0

    def build(self, blocks):
        """The raw StreamField value for ``[{type: content}, …]``."""
        return [self._block(kind, content) for block in blocks or [] for kind, content in block.items()]

    def pull(self, kind, title, pages):
        """The block by which a road book shows ``pages``."""
        value = {"titre": typeset(title), kind: self._items(page.pk for page in pages)}
        return [{"type": kind, "value": value, "id": self._id()}]

    def prizes(self, title, edition):
        """The block by which a road book tells the prizes of ``edition``."""
        return [{"type": "prix", "value": {"titre": typeset(title), "edition": edition.pk}, "id": self._id()}]

    def _block(self, kind, content):
        return {"type": kind, "value": getattr(self, f"_{kind}")(content), "id": self._id()}

    def _id(self):
        self.made += 1
        return str(uuid.uuid5(NAMESPACE, f"{self.key}/{self.made}"))

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
        image, alt = described(content["motif"], f"{self.key}-{content['motif']}", exemple=self.exemple)
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
    """``raw`` as the value that a page's StreamField holds."""
    return StreamValue(field.stream_block, raw, is_lazy=True)
