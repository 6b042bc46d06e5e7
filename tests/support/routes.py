"""Every operation of the API. Loading app.py is what declares them."""

from importlib import import_module

from chalicelib.api import http

import_module("app")
ROUTES = http.ROUTES
