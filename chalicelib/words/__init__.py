"""What a text has in it that somebody should see: words, disguises, dangers, fraud. Pure, and total on any text.

It says what is there and where, never what is to be done about it. Nothing here reads or writes anything but the
lexicons beside it.
"""
