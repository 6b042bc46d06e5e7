"""The outcome of each error of Meta's APIs: one table per API, whichever network calls it.

A key is `(code, subcode)`; with the subcode None it stands for every subcode that has no line of its own. An error that
can occur after something was written is Unknown, whatever the status.
"""

from collections.abc import Mapping

from chalicelib.networks import base

Codes = Mapping[tuple[int, int | None], type[base.Outcome]]

# Tokens, permissions, limits and standing: the same wherever they come.
# https://developers.facebook.com/docs/graph-api/guides/error-handling and .../overview/rate-limiting
# https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes
GRAPH: Codes = {
    (3, None): base.Rejected,
    (4, None): base.Throttled,
    (9, 2207042): base.Throttled,
    (10, None): base.Rejected,
    (17, None): base.Throttled,
    (24, 2207006): base.Gone,
    (25, 2207050): base.Rejected,
    (32, None): base.Throttled,
    (100, 33): base.Gone,
    (102, None): base.Expired,
    (190, None): base.Expired,
    (190, 458): base.Revoked,
    (190, 460): base.Revoked,
    (368, None): base.Throttled,
    (613, None): base.Throttled,
    (803, None): base.Gone,
    **{(code, None): base.Throttled for code in range(80000, 80015)},
}
# Messages of Messenger and Instagram, and private answers to comments, whose own errors are 10900 and on.
# https://developers.facebook.com/docs/messenger-platform/error-codes
SEND: Codes = {
    **GRAPH,
    (1, 1357046): base.Unknown,
    (10, 1893063): base.Throttled,
    (10, 2018108): base.Gone,
    (10, 2018278): base.WindowClosed,
    (10, 2534022): base.WindowClosed,
    (100, 2018001): base.Gone,
    (100, 2018007): base.Rejected,
    (100, 2018008): base.Rejected,
    (100, 2018047): base.Rejected,
    (100, 2018218): base.Gone,
    (100, 2534014): base.Gone,
    (200, 1545041): base.Gone,
    (200, 2018108): base.Gone,
    (200, 2534041): base.Rejected,
    (230, None): base.Rejected,
    (551, None): base.Gone,
    (1200, None): base.Unreachable,
    (9010, None): base.Gone,
    (10900, None): base.Rejected,
    (10901, None): base.WindowClosed,
    (10902, None): base.Rejected,
    (10903, None): base.Gone,
}
# Comments of Pages and of Instagram. Errors about the answered person are those of the Send API.
# 20/1772107 comes after the comment was made, if fields of it were asked for that cannot be read.
# https://developers.facebook.com/docs/pages-api/error-codes
COMMENTS: Codes = {
    **SEND,
    (20, 1772107): base.Unknown,
    (200, None): base.Rejected,
    (368, None): base.Rejected,
    (506, None): base.Rejected,
}
_CLOUD: Mapping[type[base.Outcome], tuple[int, ...]] = {
    base.Unreachable: (1, 2, 131000, 131016, 131057, 133004),
    base.Throttled: (4, 80007, 130429, 131048, 131056, 133016),
    base.WindowClosed: (131047,),
    base.Gone: (130472, 131021, 131026, 131049, 131050),
    base.Rejected: (
        *(100, 131008, 131009, 131051, 131052, 131053, 131062),
        *(132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069),
        *(368, 130497, 131031, 131037, 131042, 131045, 133010),
    ),
}
# WhatsApp. 100/33: the number is not there for this token; it says nothing of the person.
# https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
CLOUD: Codes = {
    **GRAPH,
    **{(code, None): outcome for outcome, codes in _CLOUD.items() for code in codes},
    (100, 33): base.Rejected,
}
# Connecting: an account that is not there, or that the token cannot see, stays so however often one tries. Reading the
# account takes only permissions that every channel needs: one that is missing there was taken back.
_FINAL = (base.Gone, base.WindowClosed)
CONNECT: Codes = {
    **{pair: base.Rejected if outcome in _FINAL else outcome for pair, outcome in SEND.items()},
    **{(code, None): base.ScopeLost for code in (10, 200)},
}
