"""Two dossiers for one innovation."""

from fiches.candidatures.doublons import probable_duplicates
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier, Signalement
from tests.candidatures.conftest import ORGANISATION, text


def second_dossier(visitor, **changes):
    link = visitor.ask_for_link("autre@tilleuls.test")[0]
    visitor.fill_in_all(link)
    visitor.fill(link, "organisation", {**ORGANISATION, **changes})
    visitor.post(f"{link}envoyer/")
    return link, Dossier.objects.latest("pk")


def test_the_same_siret_is_a_duplicate_and_merging_keeps_both_histories(sent, staff):
    link, other = second_dossier(sent.visitor, organisation="GAEC du Lait")
    assert [(d.dossier, d.raison) for d in probable_duplicates(sent.dossier)] == [(other, "même SIRET")]
    screen = text(staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/"))
    assert "C’est le même : le fusionner dans celui-ci" in screen

    staff.post(f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/", {"autre": other.pk})
    other.refresh_from_db()
    assert (other.etat, other.fusionne_dans) == (Etat.RETIRE, sent.dossier)
    assert other.fiche.workflow_states.get().status == "cancelled"
    assert other.evenements.filter(texte=f"Fusionné dans le dossier {sent.dossier.numero}").exists()
    assert sent.dossier.evenements.filter(texte=f"Dossier {other.numero} fusionné ici").exists()
    # The link of the one opens the other; the list shows one.
    assert sent.visitor.get(link).context["dossier"] == sent.dossier
    assert list(staff.get("/admin/candidatures/dossiers/").context["object_list"]) == [sent.dossier]


def test_the_address_of_a_merged_dossier_gets_the_one_it_was_merged_in_and_begins_no_other(sent, staff):
    _link, other = second_dossier(sent.visitor)
    staff.post(f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/", {"autre": other.pk})
    [link] = sent.visitor.ask_for_link("autre@tilleuls.test")
    assert sent.visitor.get(link).context["dossier"] == sent.dossier
    tip = Signalement.objects.create(organisation="x", innovation="y", contact="autre@tilleuls.test")
    staff.post(f"/admin/candidatures/signalements/{tip.pk}/inviter/")
    assert Dossier.objects.count() == 2


def test_similar_names_are_duplicates_more_loosely_within_one_commune(sent):
    _link, other = second_dossier(sent.visitor, organisation="Fruitiere des Tilleul", siret="")
    assert [d.raison for d in probable_duplicates(sent.dossier)] == ["même commune, nom proche"]
    Dossier.objects.filter(pk=other.pk).update(code_insee="39001")
    assert [d.raison for d in probable_duplicates(sent.dossier)] == ["nom proche"]
    Dossier.objects.filter(pk=other.pk).update(organisation="Garage Martin")
    assert probable_duplicates(sent.dossier) == []


def test_a_published_dossier_is_not_merged_away(sent, staff):
    _link, other = second_dossier(sent.visitor)
    with staff.capture(execute=True):
        other.fiche.get_latest_revision().publish(skip_permission_checks=True)
    answer = staff.post(f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/", {"autre": other.pk}, follow=True)
    assert "Ces deux dossiers ne peuvent pas être fusionnés." in text(answer)
    other.refresh_from_db()
    assert (other.etat, other.fusionne_dans) == (Etat.PUBLIE, None)
