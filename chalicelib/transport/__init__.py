"""Between the networks and the inbox: hooks, intake, ledger, outbox."""
