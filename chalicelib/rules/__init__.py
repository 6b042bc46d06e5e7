"""A brand's rules and term lists: what is to be done about which messages. Nothing here carries it out."""
