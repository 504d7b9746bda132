"""What stands around the site fails: the cache, the disk, the clock. Pages answer, nothing is lost."""

import shutil
import signal
import subprocess

from tests.pictures import picture, pixels
from tests.services.pannes.screens import Publisher, assert_fiches_are_whole, assert_is_a_pause
from tests.services.pannes.serveurs import Valkey


def work(site, publisher, link):
    """What people do in a minute; each answer is a good one."""
    assert site.get("/fiches/").status_code == 200
    assert site.get("/fiches/fiche-2/").status_code == 200
    pk = publisher.pks[0]
    publisher.last[pk] = "unpublish" if publisher.last.get(pk) == "publish" else "publish"
    assert publisher.act(publisher.last[pk], pk).status_code == 302
    assert site.browser().submit(f"{link}envoyer/", form=f"{link}relecture/").status_code == 302


def test_a_cache_that_is_gone_fails_nothing(site, seed, tmp_path):
    cache = Valkey(tmp_path / "valkey")
    site.env |= {"CACHE_URL": cache.url, "WEB_CONCURRENCY": "1"}
    site.serve()
    publisher = Publisher(site, seed["fiches"][:1])
    links = [f"/candidature/{secret}/" for secret in seed["dossiers"]]
    work(site, publisher, links.pop())
    cache.stop(signal.SIGKILL)
    work(site, publisher, links.pop())
    assert site.get("/sante/pret").json()["cache"] is False
    assert_fiches_are_whole(site, publisher)


def test_a_full_disk_refuses_in_words_keeps_what_was_typed_and_no_piece_of_a_file(site, seed):
    web = site.serve(WEB_CONCURRENCY=1)
    link = f"/candidature/{seed['dossiers'][0]}/images/"
    photo = picture(image=pixels((1600, 1200)), quality=95)
    browser = site.browser()

    def send():
        return browser.submit(link, {"photo_alt": "Une vache"}, files={"photo": ("v.jpg", photo, "image/jpeg")})

    limit(site, web, 4096)  # no file may be longer: what a disk says when it is full, without filling one
    assert_is_a_pause(send())
    assert site.ask("[PieceJointe.objects.count(), Dossier.objects.get(courriel='jeanne0@x.test').reponses['photo_alt']]") == [
        0, "Une vache",
    ]  # fmt: skip

    limit(site, web, "unlimited")
    assert send().status_code == 302
    assert site.ask("[p.fichier.storage.size(p.fichier.name) == p.taille for p in PieceJointe.objects.all()]") == [True]
    assert 'src="/media/images/' in site.get("/fiches/fiche-4/").text


def limit(site, web, size):
    for pid in [web.pid, *site.workers(web)]:
        subprocess.run(["prlimit", f"--fsize={size}:", "--pid", str(pid)], check=True)


def test_a_page_whose_picture_is_lost_is_shown_without_it(site):
    shutil.rmtree(site.folder / "media")
    site.serve()
    answer = site.get("/fiches/fiche-5/")
    assert answer.status_code == 200
    assert "La recette" in answer.text
    assert site.get("/fiches/").status_code == 200
