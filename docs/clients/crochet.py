#!/usr/bin/env python3
"""Reçoit les webhooks de Rally’nov : `RALLYNOV_SECRET=whsec_… python3 crochet.py 8080`. Sans dépendance (Python 3.9+).

Répond 204 à un message signé par le secret depuis moins de cinq minutes, 401 à tout autre.
"""

import hmac
import json
import os
import sys
import time
from base64 import b64decode, b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE = 300  # secondes
CLE = b64decode(os.environ["RALLYNOV_SECRET"].removeprefix("whsec_"))


def est_signe(entetes, corps):
    """L’en-tête peut porter plusieurs signatures : une seule doit être la bonne."""
    identifiant, instant = entetes.get("webhook-id", ""), entetes.get("webhook-timestamp", "")
    if not (instant.isdecimal() and len(instant) <= 10) or abs(time.time() - int(instant)) > TOLERANCE:
        return False
    signe = f"{identifiant}.{instant}.".encode() + corps
    attendue = "v1," + b64encode(hmac.digest(CLE, signe, sha256)).decode()
    recues = entetes.get("webhook-signature", "").encode().split()
    return any(hmac.compare_digest(recue, attendue.encode()) for recue in recues)


class Reception(BaseHTTPRequestHandler):
    def do_POST(self):
        corps = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        accepte = est_signe(self.headers, corps)
        self.send_response(204 if accepte else 401)
        self.end_headers()
        if accepte:
            message = json.loads(corps)
            # Un message peut arriver deux fois, sous le même webhook-id : ne le traitez qu’une fois.
            print(message["type"], message["data"].get("url", ""), flush=True)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Reception).serve_forever()
