"""What an agency asks of Stripe: to buy a plan, to change it, to pay, to pause and to end it."""
