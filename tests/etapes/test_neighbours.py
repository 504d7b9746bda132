import datetime

from etapes.etape_contexts import neighbours
from tests.factories import EtapePageFactory


def test_an_etape_leads_to_those_before_and_after_it_that_the_public_may_see(tree):
    first, second, hidden, last = (
        EtapePageFactory(parent=tree.etapes, numero=day, date=datetime.date(2013, 4, day)) for day in range(1, 5)
    )
    hidden.unpublish()
    assert neighbours(first) == {"precedente": None, "suivante": second}
    assert neighbours(second) == {"precedente": first, "suivante": last}
    assert neighbours(last) == {"precedente": second, "suivante": None}
    hidden.refresh_from_db()
    assert neighbours(hidden) == {"precedente": None, "suivante": None}
