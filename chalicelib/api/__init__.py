"""The HTTP edge: who calls, may they, is it valid, do it, say it."""
