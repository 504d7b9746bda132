"""What a hit shows of its text: the passage where the words stand, with the words marked, as safe HTML."""

from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from fiches.recherche.texte import STOPWORDS, WORD, clean, stem, words

LENGTH = 220


def is_hit(word, stems):
    return any(stem(part) in stems for part in words(word) if part not in STOPWORDS or part in stems)


def hits(text, stems):
    """``[(start, end)]`` of the words of ``text`` that have one of these roots."""
    return [found.span() for found in WORD.finditer(text) if is_hit(found.group(), stems)]


def highlight(text, stems):
    """``text`` whole, its words marked."""
    text = clean(text)
    pieces, at = [], 0
    for start, end in hits(text, stems):
        pieces.append(format_html("{}<mark>{}</mark>", text[at:start], text[start:end]))
        at = end
    return mark_safe("".join(pieces) + escape(text[at:]))  # noqa: S308 - each piece is escaped


def snippet(text, stems, length=LENGTH):
    """The passage of ``text`` that holds the most of the words, marked; its beginning when it holds none."""
    text = clean(text)
    places = hits(text, stems)
    start = max((sum(a <= b < a + length for b, _e in places), -a) for a, _end in places)[1] * -1 if places else 0
    start = 0 if start < length // 3 else text.rfind(" ", 0, start - length // 4) + 1
    end = len(text) if len(text) <= start + length else text.rfind(" ", start, start + length)
    end = end if end > start else start + length
    passage = highlight(text[start:end], stems)
    return format_html("{}{}{}", "… " if start else "", passage, " …" if end < len(text) else "")
