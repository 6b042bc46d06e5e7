"""What a text contains that somebody should see: words, disguises, dangers, fraud. Pure; works on any text.

It says what is there and where, never what is to be done about it. Nothing here reads or writes anything except the
lexicons next to it.
"""
