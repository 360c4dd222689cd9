"""gunicorn's settings that are not on its command line."""

from __future__ import annotations

import os

from thidua.config import logs

logconfig_dict = logs.settings(os.environ)
# A line for a worker that was killed or did not start; not one for each request: the proxy logs those.
loglevel = "warning"
