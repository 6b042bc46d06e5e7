"""Every operation of the API."""

import re

from chalicelib.api import http

http.load()
ROUTES = http.ROUTES
# Those for which one has to be signed in.
GUARDED = [route for route in ROUTES if not route.public]
# Where nobody pays, as in most tests, these answer that there is nothing: see tests/purchases.
OF_BILLING = [route for route in ROUTES if re.match("/billing(?!/usage)", route.path)]
