"""Deliveries: events are posted to webhook endpoints, in order, again if need be, and each attempt is logged."""
