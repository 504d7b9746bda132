"""The template tag ``couleur``: a colour of `fiches.colours`, for output without a style sheet (mails, ``theme-color``)."""

from django import template

from fiches.colours import colour

register = template.Library()
register.simple_tag(colour, name="couleur")
