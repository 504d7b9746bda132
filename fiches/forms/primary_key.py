"""Reading of the primary keys that forms and addresses send."""


def read_key(text: str) -> int | None:
    """The primary key in ``text``, or None: it must be digits that fit any database's column. Longer ones are an error of ``int``,
    of SQLite or of PostgreSQL."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
