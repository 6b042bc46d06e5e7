"""How an agency pays with Stripe: the state of its subscription, usage, notices from Stripe, and letters."""
