from tests.factories import PartenaireFactory


def test_a_partners_roles_read_as_words_in_the_carnets_order(db):
    partner = PartenaireFactory(roles=["organisateur", "copilote"])
    assert partner.roles_en_clair() == "copilote, organisateur d’étape"
