"""What API v3 refuses to write: each refusal says its true reason, in French, and nothing that was sent is dropped unsaid."""

import json
import re
from itertools import product

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import APIToken, Page

from etapes.models import EtapePage
from fiches.models import FichePage
from tests.factories import ContentPageFactory, EtapePageFactory, FichePageFactory, UserFactory

ALIAS = "Cette page est un alias. Son contenu est celui de la page {pk}\xa0: modifiez ou publiez la page {pk}."


@pytest.fixture
def call(tree):
    """``call(method, path, data, role="admin")`` writes with the token of an account; returns the status and the body."""

    def send(method, path, data=None, role="admin"):
        _token, key = APIToken.create_token(user=UserFactory(role=role), name="essai")
        response = getattr(Client(), method)(
            f"/api/v3/{path}",
            json.dumps(data or {}),
            content_type="application/json",
            headers={"authorization": f"Bearer {key}"},
        )
        return response.status_code, response.json() if response.content else {}

    return send


def messages(answer):
    """The status, and each error with the last part of its place."""
    status, body = answer
    return status, {error["loc"][-1]: error["msg"] for error in body["errors"]}


def details(answer):
    status, body = answer
    return status, body["detail"] if "errors" not in body else body["errors"][0]["msg"]


# --- A body that can't be read ----------------------------------------------------------------------------------------

MULTIPART = "Le corps multipart/form-data est illisible\xa0: donnez son «\xa0boundary\xa0» dans Content-Type."


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=é"]
)
def test_a_form_without_boundary_is_refused_in_json_and_in_french(tree, kind):
    _token, key = APIToken.create_token(user=UserFactory(role="admin"), name="essai")
    token = {"authorization": f"Bearer {key}"}
    for path in ("pages/", "images/", "documents/"):
        response = Client().post(f"/api/v3/{path}", b"--x\r\n", content_type=kind, headers=token)
        assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json"), path
        assert (response.json()["title"], response.json()["detail"]) == ("Cette demande est illisible.", MULTIPART), (
            path
        )


# --- An alias ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize(
    ("method", "action", "data"),
    [
        ("patch", "", {"title": "Autre"}),
        ("patch", "", {"title": "Autre", "meta": {"action": "publish"}}),
        ("post", "actions/publish/", {}),
    ],
)
def test_an_alias_is_neither_changed_nor_published_and_its_page_is_named(call, tree, live, method, action, data):
    for source in (FichePageFactory(parent=tree.fiches, live=live), ContentPageFactory(parent=tree.home, live=live)):
        alias = source.create_alias(update_slug=f"alias-{source.pk}")
        status, body = call(method, f"pages/{alias.pk}/{action}", data)
        assert (status, body["title"], body["detail"]) == (
            409,
            "L’état de la page ne permet pas cette action.",
            ALIAS.format(pk=source.pk),
        )
        assert Page.objects.get(pk=alias.pk).title == source.title


def test_an_alias_is_moved_copied_taken_offline_and_deleted_like_a_page(call, tree):
    source = FichePageFactory(parent=tree.fiches)
    alias = source.create_alias(update_slug="alias")
    where = f"pages/{alias.pk}/"
    first = {"destination_id": tree.fiches.pk, "position": "first-child"}
    assert call("post", f"{where}actions/move/", first)[0] == 200
    assert call("post", f"{where}actions/copy/", {"slug": "copie", "keep_live": False})[0] == 201
    assert call("post", f"{where}actions/unpublish/")[0] == 200
    assert call("delete", where) == (204, {})
    assert [page.slug for page in tree.fiches.get_children()] == [source.slug, "copie"]
    assert [page.slug for page in tree.fiches.get_children().live()] == [source.slug]


# --- Keys that would be dropped ---------------------------------------------------------------------------------------


def test_a_key_that_cannot_be_written_is_refused_by_its_name(call, tree):
    pages = EtapePageFactory(parent=tree.etapes), FichePageFactory(parent=tree.fiches)
    for page, key in product(pages, ("expire_at", "go_live_at", "live", "n_existe_pas")):
        told = call("patch", f"pages/{page.pk}/", {"title": "Autre titre", key: "2027-01-01"})
        assert details(told) == (
            400,
            f"Rien n’a été enregistré\xa0: ces clés n’existent pas ou ne peuvent pas être écrites\xa0: {key}. "
            "Consultez l’adresse /api/v3/schema/.",
        )
        assert Page.objects.get(pk=page.pk).latest_revision_id == page.latest_revision_id


def test_the_date_of_an_etape_is_written_or_refused_and_never_dropped(call, tree):
    etape = EtapePageFactory(parent=tree.etapes)
    before = etape.date
    status, body = call("patch", f"pages/{etape.pk}/", {"date": "2031-05-31"})
    latest = EtapePage.objects.get().get_latest_revision_as_object()
    assert (status, "ne peuvent pas être écrites\xa0: date" in body.get("detail", ""), latest.date) == (
        400,
        True,
        before,
    )


@pytest.mark.parametrize(
    ("method", "path", "data", "names"),
    [
        ("patch", "pages/{pk}/", {"meta": {"acton": "publish"}}, "meta.acton"),
        ("post", "pages/{pk}/actions/publish/", {"go_live_at": "2031-01-01"}, "go_live_at"),
        ("post", "pages/{pk}/actions/unpublish/", {"recursif": True}, "recursif"),
        ("post", "pages/{pk}/actions/copy/", {"slog": "x", "titre": "y"}, "slog, titre"),
        (
            "post",
            "pages/",
            {"meta": {"type": "rallynov_fiches.FichePage", "parent_id": 1}, "date": "2031-01-01"},
            "date",
        ),
        ("post", "redirects/", {"old_path": "/a", "vers": "/b"}, "vers"),
    ],
)
def test_no_route_drops_a_key(call, tree, method, path, data, names):
    fiche = FichePageFactory(parent=tree.fiches)
    status, body = call(method, path.format(pk=fiche.pk), data)
    assert (status, f"être écrites\xa0: {names}." in body["detail"]) == (400, True)


def test_a_key_of_a_block_is_not_dropped(call, tree):
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    block = {"type": "citation", "value": {"texte": "Un mot.", "auteurice": "Une personne"}}
    status, body = call("patch", f"pages/{fiche.pk}/", {"corps": [block]})
    assert (status, body["errors"]) == (422, [{"msg": "corps-0-value\xa0: ces clés n’existent pas\xa0: auteurice."}])


def test_an_account_without_a_token_learns_nothing_of_the_keys(client, tree):
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    answer = client.patch(f"/api/v3/pages/{fiche.pk}/", json.dumps({"nimporte": 1}), content_type="application/json")
    assert answer.status_code == 401


# --- Validation texts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "data", "expected"),
    [
        ("patch", "pages/{pk}/", {"effectif": "abc"}, {"effectif": "Donnez un nombre entier."}),
        ("patch", "pages/{pk}/", {"title": 5}, {"title": "Donnez un texte."}),
        ("post", "pages/{pk}/actions/move/", {}, {"destination_id": "Cette valeur manque."}),
        ("post", "pages/{pk}/actions/unpublish/", {"recursive": "x"}, {"recursive": "Donnez true ou false."}),
        (
            "post",
            "pages/{pk}/actions/move/",
            {"destination_id": 4, "position": "x"},
            {
                "position": "Donnez une de ces valeurs\xa0: "
                "'first-child', 'last-child', 'left', 'right', 'first-sibling' or 'last-sibling'."
            },
        ),
        (
            "post",
            "pages/",
            {"meta": {"type": "fiches.Rien", "parent_id": 1}},
            {"data": "Ce type n’existe pas\xa0: consultez l’adresse /api/v3/schema/."},
        ),
        (
            "post",
            "pages/{pk}/actions/copy/",
            {"slug": "a b"},
            {
                "slug": "Ce champ ne doit contenir que des lettres, des nombres, des tirets bas (_) et des traits d’union."
            },
        ),
    ],
)
def test_what_is_wrong_is_told_in_french(call, tree, method, path, data, expected):
    fiche = FichePageFactory(parent=tree.fiches)
    assert messages(call(method, path.format(pk=fiche.pk), data)) == (422, expected)


# --- The true reason --------------------------------------------------------------------------------------------------


def test_a_move_that_nobody_could_make_says_why(call, tree):
    etape = EtapePageFactory(parent=tree.etapes, title="Étape à Dole")
    move = f"pages/{etape.pk}/actions/move/"
    below = {"destination_id": tree.fiches.pk, "position": "last-child"}
    reason = "Rien n’a été déplacé\xa0: une page de type «\xa0Étape\xa0» ne peut pas être sous «\xa0{}\xa0»."
    assert details(call("post", move, below)) == (422, reason.format("Fiches"))
    hint = "Pour la placer sous la destination, envoyez «\xa0position\xa0» avec la valeur «\xa0last-child\xa0»."
    beside = {"destination_id": tree.etapes.pk}
    assert details(call("post", move, beside)) == (422, f"{reason.format(tree.home.title)} {hint}")
    assert details(call("post", f"pages/{tree.fiches.pk}/actions/move/", below)) == (
        422,
        "Rien n’a été déplacé\xa0: une page ne peut pas être sous elle-même.",
    )
    assert details(call("post", move, {"destination_id": tree.etapes.pk}, role="partenaire"))[0] in {401, 403}
    assert EtapePage.objects.get().get_parent().pk == tree.etapes.pk


def test_a_page_that_is_not_online_is_not_taken_off_and_the_reason_is_not_a_right(call, tree):
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    assert details(call("post", f"pages/{fiche.pk}/actions/unpublish/")) == (
        422,
        "Rien n’a été retiré du site\xa0: cette page n’est pas en ligne.",
    )


def test_a_fiche_under_review_is_not_published_and_the_reason_is_the_review(call, tree):
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    fiche.save_revision()
    fiche.get_workflow().start(fiche, user=None)
    told = call("post", f"pages/{fiche.pk}/actions/publish/")
    assert details(told) == (422, "Cette page est en relecture\xa0: c’est l’approbation qui la met en ligne.")
    assert not FichePage.objects.get().live


def test_a_body_that_is_no_object_is_refused_whatever_its_media_type(tree):
    _token, key = APIToken.create_token(user=UserFactory(role="admin"), name="essai")
    page, client = ContentPageFactory(parent=tree.home), Client()
    routes = ("patch", f"pages/{page.pk}/"), ("post", "pages/"), ("post", f"pages/{page.pk}/actions/move/")
    kinds = "application/json", "text/plain"
    for (method, path), body, kind in product(routes, ([], [1], "titre", 3, None), kinds):
        answer = getattr(client, method)(
            f"/api/v3/{path}", json.dumps(body), content_type=kind, headers={"authorization": f"Bearer {key}"}
        )
        assert (answer.status_code, answer.json()["detail"]) == (
            400,
            "Le corps de la demande n’est pas un objet JSON\xa0: écrivez {…}",
        )


@pytest.mark.parametrize("action", ["", "actions/copy/", "actions/move/", "actions/publish/", "actions/unpublish/"])
def test_a_body_that_is_no_json_is_refused_and_nothing_is_done(tree, action):
    _token, key = APIToken.create_token(user=UserFactory(role="admin"), name="essai")
    fiche = FichePageFactory(parent=tree.fiches)
    send = Client().post if action else Client().patch
    before = Page.objects.count()
    for body in (b"{", b"abc", b'{"slug": "x"', b"\xff"):
        answer = send(
            f"/api/v3/pages/{fiche.pk}/{action}",
            body,
            content_type="application/json",
            headers={"authorization": f"Bearer {key}"},
        )
        assert (answer.status_code, answer.json()["detail"]) == (
            400,
            "Le corps de la demande n’est pas un objet JSON\xa0: écrivez {…}",
        ), body
        assert (Page.objects.count(), Page.objects.get(pk=fiche.pk).live) == (before, True), body


@pytest.mark.parametrize("action", ["copy", "publish", "unpublish", "move"])
def test_a_form_is_not_taken_for_a_body_in_json(tree, action):
    _token, key = APIToken.create_token(user=UserFactory(role="admin"), name="essai")
    fiche = FichePageFactory(parent=tree.fiches)
    before = Page.objects.count()
    answer = Client().post(
        f"/api/v3/pages/{fiche.pk}/actions/{action}/", {"slug": "x"}, headers={"authorization": f"Bearer {key}"}
    )
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "Le corps de la demande n’est pas un objet JSON\xa0: écrivez {…}",
    )
    assert (Page.objects.count(), Page.objects.get(pk=fiche.pk).live) == (before, True)


def test_a_method_that_a_route_does_not_know_is_told_in_french_with_those_that_it_knows(call, tree):
    redirection = Redirect.objects.create(old_path="/a", redirect_link="https://x.test/")
    status, body = call("patch", f"redirects/{redirection.pk}/", {"redirect_link": "https://y.test/"})
    assert (status, body["title"]) == (405, "Cette méthode n’est pas possible ici.")
    assert body["detail"] == "PATCH n’est pas possible ici. Possible\xa0: DELETE, GET, PUT."


def test_an_alias_is_refused_in_the_language_of_the_request(tree):
    _token, key = APIToken.create_token(user=UserFactory(role="admin"), name="essai")
    source = FichePageFactory(parent=tree.fiches)
    alias = source.create_alias(update_slug="alias")
    answer = Client().post(
        f"/api/v3/pages/{alias.pk}/actions/publish/",
        "{}",
        content_type="application/json",
        headers={"authorization": f"Bearer {key}", "accept-language": "en"},
    )
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        f"This page is an alias. Its content is that of page {source.pk}: change or publish that one.",
    )


def test_a_value_of_a_list_that_has_not_its_shape_is_named_by_its_place(call, tree):
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    _status, body = call(
        "patch", f"pages/{fiche.pk}/", {"corps": [3, {"type": "texte"}, {"type": "citation", "value": 5}]}
    )
    assert "«\xa0\xa0»" not in str(body) and "“”" not in str(body)
    assert [error["msg"].partition("\xa0")[2] for error in body["errors"]] == [": cette valeur n’a pas la bonne forme."]


JUNK = ["x", 5, True, -1, 10**30, [], ["x"], [{}], {}, {"format": "nope", "content": "x"}]
IN_ENGLISH = re.compile(r"\b(must|got|expected|invalid)\b")


@pytest.mark.parametrize("kind", FichePage._meta.get_field("corps").stream_block.child_blocks)
def test_no_value_of_a_block_is_more_than_refused_in_french(call, tree, kind):
    fiche = FichePageFactory(parent=tree.fiches)
    names = ("document", "image", "vignette", "images", "url")
    values = [*JUNK, *({name: value} for name in names for value in ("x", 10**30, -1))]
    answers = [call("patch", f"pages/{fiche.pk}/", {"corps": [{"type": kind, "value": value}]}) for value in values]
    refused = [body["errors"][0]["msg"] for status, body in answers if status == 422]
    assert {status for status, _body in answers} <= {200, 422}
    assert refused and [message for message in refused if IN_ENGLISH.search(message)] == []
