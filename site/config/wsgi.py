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

# What was loaded stays: the collector needn't walk it again with each request, nor a forked worker copy it.
gc.collect()
gc.freeze()
gc.enable()
