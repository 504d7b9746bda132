"""Several servers look for the periodic work that is due at the same moment: each work is done once."""

import subprocess
import sys
from collections import Counter

from tests.services.pannes.serveurs import ROOT

SERVERS = 4
EVERY_MINUTE = {"publications", "palmares"}
"""Due again before a slow machine is through with the test."""
SCHEDULED = "wagtail.publish.scheduled"


def test_servers_that_look_together_do_each_work_once(site, seed):
    pk = seed["fiches"][0]
    site.ask(f"FichePage.objects.get(pk={pk}).unpublish()")
    site.ask(
        f"FichePage.objects.get(pk={pk}).save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1)).pk"
    )
    looking = [
        subprocess.Popen(
            [sys.executable, "manage.py", "echeances"],
            cwd=ROOT, env=site.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _each in range(SERVERS)
    ]  # fmt: skip
    told = [process.communicate(timeout=300) for process in looking]
    assert [process.returncode for process in looking] == [0] * SERVERS, told
    done = Counter(line.split(" : ")[0] for out, _err in told for line in out.splitlines())
    assert set(done) >= {*EVERY_MINUTE, "rappels", "courriels"}
    assert {name: times for name, times in done.items() if times > 1 and name not in EVERY_MINUTE} == {}
    assert site.ask(f"[FichePage.objects.get(pk={pk}).live, PageLogEntry.objects.filter(action='{SCHEDULED}').count()]") == [
        True, 1,
    ]  # fmt: skip
