"""People who sign in with their agency's identity provider, by addresses of domains that it proved to be its own."""
