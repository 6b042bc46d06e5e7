from tests.local.stripe.conftest import account, stripe_server

__all__ = ["account", "stripe_server"]
