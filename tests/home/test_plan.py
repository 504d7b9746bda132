from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Page, Site

from home.templatetags.navigation import nested


def page(path):
    return SimpleNamespace(path=path)


def shape(nodes):
    return [(node["page"].path, shape(node["enfants"])) for node in nodes]


def test_a_page_whose_parent_is_hidden_stands_under_its_nearest_ancestor():
    assert shape(nested([page("0001"), page("000100020001"), page("0002")])) == [
        ("0001", [("000100020001", [])]),
        ("0002", []),
    ]


@pytest.mark.django_db
def test_an_empty_site_leads_only_to_what_exists(client):
    page = client.get("/plan-du-site/").content.decode()
    assert "None" not in page
    links = {link["href"] for link in BeautifulSoup(page, "html.parser").select("footer a[href], main a[href]")}
    assert links
    assert {href: client.get(href).status_code for href in links} == dict.fromkeys(links, 200)


@pytest.mark.django_db
def test_the_root_of_the_tree_is_no_page_of_the_map(client):
    Site.objects.update(root_page=Page.get_first_root_node())
    answer = client.get("/plan-du-site/").content.decode()
    assert "None" not in answer
    assert ">Root<" not in answer


@pytest.mark.django_db
def test_the_map_leads_to_the_forms_and_lists_that_are_no_pages(client):
    main = BeautifulSoup(client.get("/plan-du-site/").content, "html.parser").main
    forms = {"/candidature/", "/signaler/", "/contact/", "/recherche/", "/integration/"}
    assert forms <= {link["href"] for link in main.select("a[href]")}
