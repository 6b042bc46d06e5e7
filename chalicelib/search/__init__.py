"""Finding conversations: fields, conditions, results, saved views."""
