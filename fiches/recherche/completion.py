"""What a search may be meant to become while it is typed: titles and organisations that have the words begun so."""

from bisect import bisect_right

from fiches.recherche.instantane import instantane
from fiches.recherche.texte import read_query, words

MOST = 8
LOOKED_AT = 400


def completions(text):
    """At most eight titles or organisations of visible fiches; those that begin as ``text`` does come first."""
    typed = words(read_query(text).text)
    if not typed or len("".join(typed)) < 2:
        return []
    snapshot = instantane()
    visible = bin(snapshot.visibles())[:1:-1]
    found = {}
    for slot in _slots_with(snapshot, typed):
        if visible[slot] == "1":
            found.setdefault(*_label(snapshot, slot, typed))
        if len(found) >= 4 * MOST:
            break
    return sorted(found, key=found.get)[:MOST]


def _slots_with(snapshot, typed):
    """The slots, newest first, whose title or organisation has a word that begins like each of ``typed``."""
    everything, starts = snapshot.libelles_plies
    rarest = " " + max(typed, key=len)
    at, looked_at = everything.find(rarest), 0
    while at >= 0 and looked_at < LOOKED_AT:
        slot = bisect_right(starts, at) - 1
        line = f" {snapshot.reperes[slot]}"
        if all(f" {word}" in line for word in typed):
            yield slot
        looked_at += 1
        at = everything.find(rarest, starts[slot + 1]) if slot + 1 < len(starts) else -1


def _label(snapshot, slot, typed):
    """``(what to propose, its rank)``."""
    title, _bar, organisation = snapshot.reperes[slot].partition(" | ")
    begun = " ".join(typed)
    if all(f" {word}" in f" {title}" for word in typed):
        return snapshot.titres[slot], (not title.startswith(begun), slot)
    if all(f" {word}" in f" {organisation}" for word in typed):
        return snapshot.organisations[slot], (not organisation.startswith(begun), slot)
    return snapshot.titres[slot], (2, slot)
