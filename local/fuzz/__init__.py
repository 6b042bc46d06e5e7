"""The running API, asked what its document allows and forbids, by requests that nobody thought of.

`document.py` makes the requests, `things.py` the ids in them, `findings.py` judges the answers, `runs.py` asks.
"""
