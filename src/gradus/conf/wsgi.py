# SPDX-License-Identifier: Apache-2.0
"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gradus.conf.settings")
application = get_wsgi_application()
