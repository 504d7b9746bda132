"""What a person reads on a page: its text, without tags nor white space."""

import re
from html import unescape

TAG = re.compile(r"<(script|style|template)\b.*?</\1>|<[^>]*>", re.DOTALL)


def text(response):
    return re.sub(r"[\s\u00a0\u202f]+", " ", unescape(TAG.sub(" ", response.content.decode()))).strip()
