"""WSGI entry point of the production site."""

import gc
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

# Objects loaded so far are permanent: the garbage collector need not scan them, nor a forked worker copy their pages.
gc.collect()
gc.freeze()
