"""The door of a site of several processes and no cache server, as site/deploy and `make run` start it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.services.front_servers import copy_of
from tests.services.pannes.serveurs import PASSWORD


@pytest.fixture(params=["deploy", "make run"])
def site(request, model, tmp_path):
    site = copy_of(model, tmp_path / "site")
    try:
        if request.param == "deploy":
            site.serve(WEB_CONCURRENCY=3)
        else:
            site.run()
        yield site
    finally:
        site.close()


def log_in(site, password):
    return site.browser().submit("/admin/login/", {"login": "admin", "password": password})


def test_five_wrong_passwords_close_the_door_of_every_process(site):
    with ThreadPoolExecutor(5) as pool:
        assert [answer.status_code for answer in pool.map(lambda _n: log_in(site, "faux"), range(5))] == [200] * 5
    for _each in range(6):
        answer = log_in(site, PASSWORD)
        assert answer.status_code == 200
        assert "Trop d’essais de connexion" in answer.text
