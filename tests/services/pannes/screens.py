"""What several test modules of this room do and read on its screens."""

import threading
import time
from collections import Counter

import requests

RECOVERY = 5.0
LOST = (
    requests.ConnectionError,
    requests.Timeout,
    requests.HTTPError,
    requests.exceptions.ChunkedEncodingError,
)


def retry(act, *, seconds=60):
    """What ``act()`` gives, tried again while the server is gone: as people do."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return act()
        except LOST:
            assert time.monotonic() < deadline
            time.sleep(0.05)


class Senders:
    """People who send dossiers, until told to stop; ``acknowledged`` are the links whose sending was answered."""

    def __init__(self, site, secrets):
        self.site, self.secrets = site, list(secrets)
        self.acknowledged, self.odd = [], []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._run) for _ in range(2)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(90)

    def _run(self):
        while self.secrets and not self.over.is_set():
            try:
                secret = self.secrets.pop()
            except IndexError:
                return
            link = f"/candidature/{secret}/"
            browser = self.site.browser()
            token = retry(lambda: browser.token(f"{link}relecture/"))  # noqa: B023 - called at once
            answer = retry(lambda: browser.submit(f"{link}envoyer/", {"csrfmiddlewaretoken": token}))  # noqa: B023 - as above
            if answer.status_code == 302 and answer.headers["Location"] == f"{link}?fait=envoye":
                self.acknowledged.append(secret)
            else:
                self.odd.append(answer.status_code)


class Publisher:
    """A member of staff who takes fiches offline and puts them online again, one after the other."""

    def __init__(self, site, pks):
        self.browser = site.browser().log_in()
        self.pks = pks
        self.last = {}
        self.odd = Counter()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join(90)

    def act(self, action, pk):
        address = f"/admin/bulk/wagtailcore/page/{action}/?id={pk}&next=/admin/"
        return self.browser.submit(address, {"next": "/admin/"})

    def _run(self):
        turn = 0
        while not self.over.is_set():
            pk, action = self.pks[turn % len(self.pks)], ("unpublish", "publish")[turn // len(self.pks) % 2]
            turn += 1
            try:
                answer = self.act(action, pk)
            except LOST:  # killed, or its page was an error: nobody was told anything
                self.last.pop(pk, None)
                continue
            if answer.status_code == 302:
                self.last[pk] = action
            else:
                self.last.pop(pk, None)
                self.odd[answer.status_code] += 1


def assert_dossiers_are_whole(site, acknowledged):
    """Each that was acknowledged is there once: state, receipt, letter, draft."""
    told = site.ask(
        "{d.pk: [d.etat, d.evenements.filter(etat='recu').count(), d.messages.filter(modele='accuse').count(),"
        " FichePage.objects.filter(dossier=d).count(), bool(d.fiche and d.fiche.latest_revision_id)]"
        " for d in Dossier.objects.sent()}"
    )
    assert set(map(tuple, told.values())) <= {("recu", 1, 1, 1, True)}
    assert len(told) >= len(acknowledged)
    for secret in acknowledged:
        assert site.get(f"/candidature/{secret}/").status_code == 200


def assert_fiches_are_whole(site, publisher):
    """A fiche is online, found and marked so, or none of it; and as the last answer said."""
    told = site.ask(
        "{p.pk: [p.live, Publication.objects.filter(object_id=p.pk, kind='fiche', withdrawn_at=None).exists(), p.url]"
        f" for p in FichePage.objects.filter(pk__in={publisher.pks})}}"
    )
    for pk, (live, is_found, url) in told.items():
        assert live == is_found
        path = url.split("/", 3)[3] if url.startswith("http") else url.lstrip("/")
        assert site.get(f"/{path}").status_code == (200 if live else 404)
        if publisher.last.get(int(pk)):
            assert live == (publisher.last[int(pk)] == "publish")


def assert_is_a_pause(answer):
    """French, and says when to come back."""
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Site en maintenance" in answer.text and '<html lang="fr"' in answer.text
