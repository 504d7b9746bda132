"""Numbers as France prints them."""


def thousands(number):
    """« 12 345 », with a space that doesn't break."""
    return f"{number:,}".replace(",", "\u202f")
