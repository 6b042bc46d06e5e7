"""What an agency asks of its subscription over the API: to buy, to change, to pay, to end it."""
