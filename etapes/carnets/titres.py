"""The levels of an issue's headings, so that none is skipped: what is pulled in stands below the heading that comes before it."""

TITLED = ("fiches", "etapes", "prix")
BELOW, ALONE = 3, 2


def levels(begun):
    """For each block, the level of what it pulls in, from whether the block itself brings a heading."""
    seen = False
    for has_heading in begun:
        seen = seen or has_heading
        yield BELOW if seen else ALONE


def brings_heading(kind, title, markup):
    """Whether a block of this ``kind`` brings a heading; ``title`` is its own, ``markup`` its running text."""
    return kind == "titre" or (kind in TITLED and bool(title)) or "<h2" in markup


def of_stream(corps):
    """``[(block, level)]`` of a page's blocks."""
    marks = [brings_heading(block.block_type, _title(block), _markup(block)) for block in corps]
    return list(zip(corps, levels(marks), strict=True))


def _title(block):
    return block.value.get("titre") if block.block_type in TITLED else ""


def _markup(block):
    return block.value.source if block.block_type == "texte" else ""
