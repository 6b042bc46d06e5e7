"""Sign-in with an agency's own identity provider, for addresses of domains that the agency proved to be its own."""
