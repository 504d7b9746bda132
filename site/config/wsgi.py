"""WSGI entry point of the production site."""

import gc
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from django.core.wsgi import get_wsgi_application

gc.disable()  # looking for unreachable cycles at each 700 objects is a fifth of the start
application = get_wsgi_application()

from config.backup import refuse_start  # noqa: E402 - after the settings have been checked

refuse_start()

# Objects loaded so far are permanent: the garbage collector need not scan them, nor a forked worker copy their pages.
gc.collect()
gc.freeze()
gc.enable()
