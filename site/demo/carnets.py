"""The example of a road book, and of its sending."""

import datetime

from django.utils import timezone

from demo.bodies import BodyBuilder, stream_value
from demo.content import read
from demo.pages import page_of
from demo.records import make_example_edition
from demo.typography import typeset
from etapes.carnets.mail_composition import compose
from etapes.carnets.models import CarnetPage, Diffusion

KEY = "carnet-exemple"


def example(*, today):
    """Builds n° 2, dated December of the year before ``today``."""
    text, body = read(KEY), BodyBuilder(KEY)
    blocks = []
    for block in text["corps"]:
        (kind, content), *_others = block.items()
        if kind == "fiches":
            blocks += body.page_block(kind, content["titre"], [page_of(f"fiche-{key}") for key in content["cles"]])
        elif kind == "prix":
            blocks += body.prize_block(content, make_example_edition(today.year - 1))
        else:
            blocks += body.build([block])
    return CarnetPage(
        title=typeset(text["titre"]),
        slug="carnet-2",
        numero=2,
        date=datetime.date(today.year - 1, 12, 1),
        chapo=typeset(text["chapo"]),
        corps=stream_value(CarnetPage._meta.get_field("corps"), blocks),
        exemple=True,
    )


def send_example(*, by):
    """Records that the example was sent on its date, to an invented number of subscribers."""
    carnet = page_of(KEY)
    html, texte = compose(carnet)
    sent = timezone.make_aware(datetime.datetime.combine(carnet.date, datetime.time(10)))
    Diffusion.objects.create(
        carnet=carnet,
        objet=carnet.title,
        html=html,
        texte=texte,
        lance_le=sent,
        lance_par=by,
        destinataires=217,
    )
