"""What an agency pays with Stripe: plans, the state of a subscription, what follows from it."""
