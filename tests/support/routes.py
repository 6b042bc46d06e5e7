"""Every operation of the API. Loading app.py is what declares them."""

import re
from importlib import import_module

from chalicelib.api import http

import_module("app")
ROUTES = http.ROUTES
# Those for which one has to be signed in.
GUARDED = [route for route in ROUTES if not route.public]
# Where nobody pays, as in most tests, these answer that there is nothing: see tests/purchases.
OF_BILLING = [route for route in ROUTES if re.match("/billing(?!/usage)", route.path)]
