"""Heavy work is done one at a time, by each site of a machine for itself."""

import pytest

from fiches.upkeep.machine_lock import Busy, hold_machine_lock


def test_a_site_waits_for_its_own_turn_and_not_for_that_of_another_site(settings, tmp_path):
    settings.RALLYNOV_LOCKS_FOLDER = str(tmp_path)
    with hold_machine_lock("paper", wait=0):
        with pytest.raises(Busy), hold_machine_lock("paper", wait=0):
            pass
        settings.MEDIA_ROOT = "/srv/another/media"
        with hold_machine_lock("paper", wait=0):
            pass
        settings.DATABASES = {"default": {**settings.DATABASES["default"], "NAME": "/srv/another/db.sqlite3"}}
        with hold_machine_lock("paper", wait=0):
            pass
