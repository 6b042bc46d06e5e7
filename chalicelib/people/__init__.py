"""Agencies and the people in them: members, invitations, teams, roles, keys."""
