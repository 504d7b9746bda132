"""What the legal notice tells of the examples, for as long as there are some."""

from demo.bodies import BodyBuilder, stream_value
from demo.content import read
from demo.pages import found

KEY = "mentions-legales"


def tell_of_examples(by):
    """Adds it to the notice, unless it is there, as it was or as staff wrote it."""
    page = found(KEY)
    told = _told()
    if told["id"] not in {block["id"] for block in page.corps.raw_data}:
        _publish(page, [*page.corps.raw_data, told], by)


def forget_examples():
    """Takes it out of the notice that is online; a draft that staff are at is theirs."""
    page = found(KEY)
    if page is None:
        return
    kept = [block for block in page.corps.raw_data if block["id"] != _told()["id"]]
    if len(kept) < len(page.corps.raw_data):
        _publish(page, kept, None)


def _told():
    return BodyBuilder(f"{KEY}-exemples", exemple=False).build([{"texte": read("pages")[KEY]["exemples"]}])[0]


def _publish(page, blocks, by):
    page.corps = stream_value(type(page)._meta.get_field("corps"), list(blocks))
    if page.has_unpublished_changes or not page.live:
        page.save()
    else:
        page.save_revision(user=by, clean=False).publish(user=by)
