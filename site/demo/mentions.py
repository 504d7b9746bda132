"""The block of the legal notice that mentions the examples, for as long as there are some."""

from demo.bodies import BodyBuilder, stream_value
from demo.content import read
from demo.pages import page_of

KEY = "mentions-legales"


def add_mention(by):
    """Adds the block to the legal notice, unless it is there, edited or not."""
    page = page_of(KEY)
    mention = _mention()
    if mention["id"] not in {block["id"] for block in page.corps.raw_data}:
        _publish(page, [*page.corps.raw_data, mention], by)


def remove_mention():
    """Removes the block from the published legal notice. A draft is not changed."""
    page = page_of(KEY)
    if page is None:
        return
    others = [block for block in page.corps.raw_data if block["id"] != _mention()["id"]]
    if len(others) < len(page.corps.raw_data):
        _publish(page, others, None)


def _mention():
    return BodyBuilder(f"{KEY}-exemples", exemple=False).build([{"texte": read("pages")[KEY]["exemples"]}])[0]


def _publish(page, blocks, by):
    """Sets the page's body, with a new revision, unless the page has a draft or is not live: then without."""
    page.corps = stream_value(type(page)._meta.get_field("corps"), list(blocks))
    if page.has_unpublished_changes or not page.live:
        page.save()
    else:
        page.save_revision(user=by, clean=False).publish(user=by)
