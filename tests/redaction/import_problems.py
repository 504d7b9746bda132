"""What the tests of the import say of one."""

SCREEN = "/admin/redaction/imports/"


def problems(importation):
    return [(cell, text.replace("\u00a0", " ").replace("\u202f", " ")) for cell, text, *_where in importation.problemes]
