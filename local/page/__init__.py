"""The page that `make run` serves: a person signs in, founds an agency, reads an inbox, answers, and reads their mails.

It also has the account pages that the emulator's user pool lacks: sign-up and forgotten password.
"""
