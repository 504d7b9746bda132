"""The template tag ``couleur``: a colour of `fiches.couleurs`, for output without a style sheet (mails, ``theme-color``)."""

from django import template

from fiches.couleurs import colour

register = template.Library()
register.simple_tag(colour, name="couleur")
