"""A minimal WSGI application: a constant response of the size given in the URL."""

SENTENCE = b"<p>Une page constante, du m\xc3\xaame poids que celle qu'on mesure.</p>\n"


def body(size):
    return (SENTENCE * (size // len(SENTENCE) + 1))[:size]


def application(environ, start_response):
    """Serves ``/constante/<size>/`` without Django."""
    content = body(int(environ["PATH_INFO"].strip("/").rpartition("/")[2]))
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(content)))])
    return [content]
