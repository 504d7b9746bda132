"""The example of a road book: what an issue looks like once the prizes are known."""

import datetime

from django.utils import timezone

from demo.bodies import BodyBuilder, stream_value
from demo.content import read
from demo.pages import found
from demo.records import make_example_edition
from demo.typography import typeset
from etapes.carnets.lettre import compose
from etapes.carnets.models import CarnetPage, Diffusion, EtatDeDiffusion

KEY = "carnet-exemple"


def example(*, today):
    """N° 2, dated of the December before ``today``."""
    text, body = read(KEY), BodyBuilder(KEY)
    blocks = []
    for block in text["corps"]:
        (kind, content), *_others = block.items()
        if kind == "fiches":
            blocks += body.pull(kind, content["titre"], [found(f"fiche-{key}") for key in content["cles"]])
        elif kind == "prix":
            blocks += body.prizes(content, make_example_edition(today.year - 1))
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
    """As it was sent, the day of its date, to people who are not in the demonstration."""
    carnet = found(KEY)
    if Diffusion.objects.filter(carnet=carnet).exists():
        return
    html, texte = compose(carnet)
    sent = timezone.make_aware(datetime.datetime.combine(carnet.date, datetime.time(10)))
    Diffusion.objects.create(
        carnet=carnet,
        etat=EtatDeDiffusion.TERMINEE,
        objet=carnet.title,
        html=html,
        texte=texte,
        lance_le=sent,
        lance_par=by,
        termine_le=sent + datetime.timedelta(minutes=4),
        partis=214,
        perdus=3,
    )
