"""The page that `make run` serves: a person signs in, founds an agency, reads an inbox, answers, and reads their mails.

Beside it are those pages of accounts that the emulator's user pool has none of: sign-up and a forgotten password.
"""
