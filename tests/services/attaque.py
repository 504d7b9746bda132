"""Hostile requests, drawn at random from one seed: every public address, form and API operation, with what nobody types."""

import random
import re
from urllib.parse import quote, urlencode

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import pictures

WORDS = [
    "", " ", "0", "-1", "1e20", "NaN", "inf", "null", "true", "[]", "{}", "999999999999999999999999", "1" * 400, "१२३",
    "\x00", "a\x00b", "\ud800", "\udfff", "\ufeff", "\u202egauche", "é" * 300, "𝔘𝔫𝔦", "🧀" * 50, "ﬀ", "İ", "ß", "ǅ", "\r\nX-Injected: 1",
    "%00", "%", "%zz", "%c0%af", "%ff", "..", "../../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "file:///etc/passwd",
    "'", "\"", "`", "\\", "' OR 1=1 --", "'; DROP TABLE wagtailcore_page; --", "1); DELETE FROM auth_user; --",
    "<script>alert(1)</script>", "\"><svg onload=alert(1)>", "{{7*7}}", "{% debug %}", "${7*7}", "#{7*7}", "javascript:alert(1)",
    "http://169.254.169.254/", "//evil.example", "=cmd|' /C calc'!A0", "@SUM(1+1)", "a AND OR NOT", "\"unclosed", "(((", "*", "a*",
    "col:val", "NEAR(a b)", "a:*b", "<->", "& | !", "mot " * 500, "entreprise", "Dole", "25", "39", "2024-13-45", "0000-00-00",
    "2024-02-30T25:61:61Z", "9999-12-31T23:59:59+99:99", "47,2", "91,181", "NaN,NaN", "6,47,5,46", "-180,-90,180,90", "1,2,3",
    "1e400,0,1,1", "recette", "a" * 3000, "__class__", "constructor", "__proto__", "\x1b[31m", "\t", "\n" * 50,
    "jeanne@ferme.test", "a@b", "\"a b\"@c.fr", "a@" + "b" * 300 + ".fr", "+33381405757", "25330", "81352100400012",
]  # fmt: skip
PARAMETERS = [
    "q", "departement", "commune", "sphere", "statut", "effectif", "edition", "prime", "mot-cle", "partenaire", "etape", "bbox",
    "autour", "rayon", "depuis", "tri", "page", "par_page", "curseur", "centree-sur", "en-lien-avec", "format", "url", "maxwidth",
    "maxheight", "largeur", "hauteur", "couleur", "theme", "fond", "limite", "callback", "next", "id", "type", "fields", "order",
    "search", "search_operator", "limit", "offset", "slug", "child_of", "descendant_of", "locale", "tags", "html_path", "version",
    "apres", "avant", "annee", "moment", "token", "utm_source", "inconnu", "q[]", "\x00", "__proto__",
]  # fmt: skip
HEADERS = [
    "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cookie", "Content-Length", "Content-Type", "If-Match",
    "If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "Range", "Referer", "Origin", "User-Agent", "X-Forwarded-For",
    "X-Forwarded-Host", "X-Forwarded-Proto", "X-Requested-With", "X-HTTP-Method-Override", "Transfer-Encoding", "HX-Request",
    "HX-Current-URL", "HX-Target", "Access-Control-Request-Method", "Prefer",
]  # fmt: skip
METHODS = ["GET"] * 6 + ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "\u017fET"]
SLOW = ("pdf", "xlsx", "/docs")
FIELD = re.compile(r"<(?:input|select|textarea|button)[^>]*?\bname=\"([^\"]+)\"")


class Attacker:
    """Makes requests: ``(method, address, arguments for the test client)``."""

    def __init__(self, seed, addresses, operations, forms):
        self.random = random.Random(seed)
        self.addresses = [address for address in addresses if not any(slow in address for slow in SLOW)]
        self.operations, self.forms = operations, forms

    def requests(self, count):
        kinds = [self.query, self.api, self.path, self.form, self.head]
        for number in range(count):
            [kind] = self.random.choices(kinds, weights=[20, 40, 20, 10, 10])
            method, address, more = kind()
            # Each from a network of its own: what limits one source must not spare the rest.
            more["REMOTE_ADDR"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            yield method, address, more

    def word(self):
        word = self.random.choice(WORDS)
        return word + self.random.choice(WORDS) if self.random.random() < 0.1 else word

    def quoted(self, text):
        return quote(text.encode("utf-8", "surrogatepass"), safe="" if self.random.random() < 0.7 else "/%?&=")

    def pairs(self, names, most=4):
        chosen = [self.random.choice(names) for _pair in range(self.random.randint(1, most))]
        pairs = [(self.encoded(name), self.encoded(self.word())) for name in chosen]
        return urlencode(pairs)

    @staticmethod
    def encoded(text):
        return text.encode("utf-8", "surrogatepass")

    def query(self):
        address = self.random.choice(self.addresses).partition("?")[0]
        return "GET", f"{address}?{self.pairs(PARAMETERS)}", {}

    def path(self):
        parts = self.random.choice(self.addresses).partition("?")[0].split("/")
        where = self.random.randrange(1, len(parts))
        parts[where] = self.quoted(self.word())
        return self.random.choice(METHODS), "/".join(parts) or "/", {}

    def head(self):
        names = self.random.sample(HEADERS, self.random.randint(1, 3))
        values = [self.word().encode("utf-8", "replace").decode("latin-1").replace("\n", " ") for _name in names]
        return (
            self.random.choice(METHODS[:8]),
            self.random.choice(self.addresses),
            {"headers": dict(zip(names, values, strict=True))},
        )

    def api(self):
        method, path, names = self.random.choice(self.operations)
        path = re.sub(r"\{[^}]+\}", lambda _hole: self.quoted(self.word()) or "x", path)
        more = {}
        if method not in ("GET", "HEAD"):
            more = {"data": self.body(), "content_type": "application/json"}
        if self.random.random() < 0.1:
            more["headers"] = {"Authorization": f"Bearer {self.word().encode('ascii', 'replace').decode()}"}
        return method, f"{path}?{self.pairs(names or PARAMETERS)}", more

    def body(self):
        return self.random.choice(
            [b"", b"{", b"[" * 500, b"\xff\xfe", b"null", b"3", b'"a"', b"{}", b'{"title": "\\ud800"}', b'{"a": 1e999}',
             b'{"slug": "../x", "live": true, "title": null}', b'{"parent": -1, "meta": {"type": "auth.User"}}']
        )  # fmt: skip

    def form(self):
        address, names = self.random.choice(self.forms)
        sent = {name: self.word() for name in names if self.random.random() < 0.8}
        if self.random.random() < 0.2:
            sent[self.random.choice(names)] = self.file()
        sent = {
            name: value.encode("utf-8", "replace") if isinstance(value, str) else value for name, value in sent.items()
        }
        return "POST", address, {"data": sent}

    def file(self):
        name = self.random.choice(
            ["a.jpg", "a.php", "../../a.png", "a\x00.pdf", "é" * 200 + ".pdf", ".htaccess", "a.svg"]
        )
        whole = pictures.picture()
        content = self.random.choice(
            [b"", b"\x00" * 100, whole, whole[:200], b"%PDF-1.7", b"PK\x03\x04", b"<svg onload=x>", b"GIF89a"]
        )
        return SimpleUploadedFile(name, content, self.random.choice(["image/jpeg", "text/html", "application/pdf", ""]))


def fields_of(html):
    return sorted(set(FIELD.findall(html)))
