"""Fuzzing: generated requests to the running API, whose answers are compared with the API's document.

`document.py` makes the requests, `things.py` the ids in them, `findings.py` checks the answers, `runs.py` sends them.
"""
