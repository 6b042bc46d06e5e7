"""Deliveries: what happens is posted to webhook endpoints, in order, again if need be, and written down."""
