"""What is kept of persons goes by itself once it is old: each rule, a day before and a day after."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from etapes.models import EtapeOrganisation
from fiches.candidatures.dossier_erasure import DAYS_IN_A_MONTH
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.models import Abonnement, Importation, Partenaire, RechercheVaine
from fiches.upkeep import retention
from tests.dossier_states import dossier_in
from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def retention_around_limit(kept, since):
    """Runs the retention a day before ``kept`` has passed since an instant, then a day after; yields in between."""
    retention.delete_too_old(since + kept - DAY)
    yield
    retention.delete_too_old(since + kept + DAY)


def test_the_rows_of_an_import_go_with_its_file_after_six_months():
    made = Importation.objects.create(nom="fiches.csv", etat="fait", lignes={"rangs": [[2, ["Jeanne Marmier"]]]})
    at_work = Importation.objects.create(nom="autre.csv", etat="en_cours")
    for _before in retention_around_limit(timedelta(days=180), made.cree):
        assert Importation.objects.count() == 2
    assert list(Importation.objects.all()) == [at_work]


@pytest.mark.parametrize("nature", ["recherche", "carnets"])
def test_a_confirmed_subscription_goes_after_three_years(nature):
    now = timezone.now()
    Abonnement.objects.create(nature=nature, courriel="jeanne@tilleuls.test", confirme_le=now)
    for _before in retention_around_limit(timedelta(days=3 * 365), now):
        assert Abonnement.objects.count() == 1
    assert Abonnement.objects.count() == 0


def test_the_contact_of_a_partner_that_no_page_names_goes_three_years_after_its_last_change(tree):
    alone = PartenaireFactory(
        contact_nom="Jeanne Marmier", contact_courriel="jeanne@tilleuls.test", contact_public=True
    )
    named = PartenaireFactory(contact_nom="Anne Poncet")
    FichePageFactory(parent=tree.fiches, partenaire=named)
    ModelLogEntry.objects.log_action(alone, "wagtail.edit")
    for _before in retention_around_limit(timedelta(days=3 * 365), timezone.now()):
        assert Partenaire.objects.get(pk=alone.pk).contact_nom == "Jeanne Marmier"
    alone.refresh_from_db()
    assert (alone.contact_nom, alone.contact_courriel, alone.contact_public) == ("", "", False)
    assert Partenaire.objects.get(pk=named.pk).contact_nom == "Anne Poncet"


def test_the_contact_of_an_etape_goes_a_year_after_it_from_its_page_and_its_revisions(tree, client):
    etape = EtapePageFactory(parent=tree.etapes, slug="dole", organisateurs=[PartenaireFactory()])
    contact = {"contact_nom": "Jeanne Marmier", "contact_courriel": "jeanne@tilleuls.test", "contact_public": True}
    link = etape.organisations.get()
    for name, value in contact.items():
        setattr(link, name, value)
    etape.organisations = [link]
    etape.save_revision()
    etape.chapo = "Toute la journée."
    etape.save_revision().publish()
    etape.refresh_from_db()
    for _before in retention_around_limit(timedelta(days=365), etape.termine_le):
        assert "Jeanne Marmier" in client.get(etape.url).content.decode()
    assert "Jeanne Marmier" not in client.get(etape.url).content.decode()
    kept = EtapeOrganisation.objects.filter(etape=etape.pk)
    told = str([*kept.values(), *etape.revisions.values_list("content", flat=True)])
    assert "Marmier" not in told and "jeanne@" not in told
    assert kept.get().partenaire_id == link.partenaire_id


@pytest.mark.parametrize("role", ["redaction", "partenaire", ""])
def test_an_account_that_nobody_uses_is_forgotten_after_two_years(role):
    now = timezone.now()
    user = UserFactory(role=role, first_name="Jeanne", last_login=now)
    admin = UserFactory(role="admin", last_login=now)
    for _before in retention_around_limit(timedelta(days=730), now):
        assert User.objects.get(pk=user.pk).first_name == "Jeanne"
    user.refresh_from_db()
    assert (user.username, user.email, user.first_name, user.is_active) == (f"efface-{user.pk}", "", "", False)
    assert User.objects.get(pk=admin.pk).email == admin.email


def test_an_account_that_cannot_be_forgotten_does_not_keep_the_others_and_is_logged_without_its_name(caplog):
    old = timezone.now() - timedelta(days=731)
    first, second = (UserFactory(username=name, last_login=old) for name in ("jeanne", "anne"))
    UserFactory(username=f"efface-{first.pk}")  # the name that the first one is to get
    with pytest.raises(ExceptionGroup) as failed:
        retention.delete_too_old()
    assert failed.value.split(IntegrityError)[0] is not None
    assert list(User.objects.order_by("pk").values_list("username", flat=True))[:2] == ["jeanne", f"efface-{second.pk}"]
    assert [each.key for each in caplog.records if each.msg == "item_failed"][0] == first.pk
    assert "jeanne" not in str([each.__dict__ for each in caplog.records if each.msg == "item_failed"])


def test_a_dossier_that_nobody_decided_on_goes_after_two_years():
    limit = timezone.now() - timedelta(days=24 * DAYS_IN_A_MONTH)
    old, recent = (
        dossier_in(Etat.RECU, courriel=f"{name}@tilleuls.test", depuis=moment, modifie=moment)
        for name, moment in (("ancien", limit - DAY), ("recent", limit + DAY))
    )
    retention.delete_too_old()
    assert list(Dossier.objects.all()) == [recent]
    assert not Dossier.objects.filter(pk=old.pk).exists()


@pytest.mark.parametrize(
    ("setting", "etat", "elsewhere"),
    [
        ("RALLYNOV_KEEP_DRAFTS_MONTHS", Etat.BROUILLON, Etat.REFUSE),
        ("RALLYNOV_KEEP_REFUSED_MONTHS", Etat.REFUSE, Etat.BROUILLON),
        ("RALLYNOV_KEEP_REFUSED_MONTHS", Etat.RETIRE, Etat.BROUILLON),
        ("RALLYNOV_KEEP_REFUSED_MONTHS", Etat.CORRECTIONS_DEMANDEES, Etat.RECU),
        ("RALLYNOV_KEEP_UNDECIDED_MONTHS", Etat.RECU, Etat.BROUILLON),
    ],
)
def test_the_months_that_the_operator_sets_are_those_a_dossier_is_kept(settings, setting, etat, elsewhere):
    setattr(settings, setting, 2)
    limit = timezone.now() - timedelta(days=2 * DAYS_IN_A_MONTH)
    old, recent, other = (
        dossier_in(state, depuis=moment, modifie=moment)
        for state, moment in ((etat, limit - DAY), (etat, limit + DAY), (elsewhere, limit - DAY))
    )
    retention.delete_too_old()
    assert set(Dossier.objects.all()) == {recent, other}
    assert not Dossier.objects.filter(pk=old.pk).exists()


def test_searches_that_found_nothing_go_after_six_months():
    now = timezone.now()
    RechercheVaine.objects.create(jour=timezone.localdate(now), mots="licorne volante")
    for _before in retention_around_limit(timedelta(days=180), now):
        assert RechercheVaine.objects.count() == 1
    assert RechercheVaine.objects.count() == 0
