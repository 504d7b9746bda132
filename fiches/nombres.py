"""Formats of numbers in French typography."""


def thousands(number):
    """« 12 345 »: groups digits by three with narrow no-break spaces."""
    return f"{number:,}".replace(",", "\u202f")
