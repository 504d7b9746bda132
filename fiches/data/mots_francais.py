"""Makes mots-francais.txt.gz, the French words that the search does not take for slips, from the package named in README.md.

pip download --no-deps pyspellchecker==0.9.1
(unpack)
PYTHONPATH=.:site python fiches/data/mots_francais.py spellchecker/resources/fr.json.gz
"""

import gzip
import json
import sys
from pathlib import Path

from fiches.territoire.gazetteer import fold

SHORTEST = 4


def main(source: str) -> None:
    """Writes the words of ``source`` (``{word: frequency}``), folded and sorted, one a line."""
    folded = (fold(word) for word in json.loads(gzip.decompress(Path(source).read_bytes())))
    words = sorted({word for word in folded if word.isalpha() and len(word) >= SHORTEST})
    text = "\n".join(["", *words, ""]).encode()
    Path(__file__).with_name("mots-francais.txt.gz").write_bytes(gzip.compress(text, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1])
