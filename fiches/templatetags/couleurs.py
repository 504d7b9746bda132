"""A colour of the one colour file, where no style sheet reaches: mails, ``theme-color``."""

from django import template

from fiches.couleurs import colour

register = template.Library()
register.simple_tag(colour, name="couleur")
