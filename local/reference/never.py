"""Codes that an operation seems to give by the source, and never does. Each group says why.

A test fails for an entry that the source no longer suggests, so that it is removed.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

from chalicelib.networks.incoming import OF_PEOPLE, Verb

_ON_MESSAGES: Mapping[str, Sequence[Verb]] = {  # what each does to a message, of all that could be done
    "read_conversation": ["read"],
    "show_typing": ["typing"],
    "like_message": ["like"],
    "react_to_message": ["react", "unreact"],
    "hide_message": ["hide"],
    "unhide_message": ["unhide"],
    "delete_message": ["delete"],
    "report_message": ["report"],
    "decide_case": ["hide", "delete", "unhide"],
    "decide_appeal": ["unhide"],
    "undo_decision": ["unhide"],
}
_LIMITS = "limit_reached subscription_read_only subscription_restricted"
_DECLINED = "card_declined payment_action_required"
_GROUPS: Sequence[tuple[str, str]] = [
    # A reply is given an id of the client's own only when it is written.
    *((f"{verb}_reply", "external_id_taken") for verb in ("edit", "submit", "approve", "reject", "withdraw")),
    ("let_reply_through", "external_id_taken"),
    # What is new has no state that could be wrong.
    ("draft_reply", "wrong_state"),
    # Only what strikes a customer has to cite a clause, and only what cannot be taken back has to be explained.
    ("unhide_message", "clause_missing reason_missing"),
    ("hide_message", "reason_missing"),
    # Nobody is refused for having fewer, nor for the first of all.
    *((operation, _LIMITS) for operation in ("sign_up", "remove_member", "suspend_member")),
    *((operation, _LIMITS) for operation in ("archive_brand", "disconnect_channel")),
    # Only where somebody else takes the account at once.
    ("disconnect_channel", "account_taken"),
    # It begins where the log is now, and its lists are first pages.
    ("start", "bad_cursor resync_required"),
    # Nothing is paid by these.
    *((operation, _DECLINED) for operation in ("refresh_billing", "preview_billing_change", "open_portal")),
    *((operation, _DECLINED) for operation in ("list_invoices", "open_checkout", "cancel_subscription")),
    ("pause_subscription", _DECLINED),
    # There is no network behind it that could refuse, and no account that somebody else could have.
    ("connect_sandbox_channel", "account_taken bad_move channel_unsettled credentials_refused external_id_taken"),
    ("connect_sandbox_channel", "network_unreachable other_account"),
    # An id that nothing has makes an empty list.
    *(
        (operation, "not_found")
        for operation in ("list_members", "list_teams", "list_brands", "list_webhook_endpoints")
    ),
    # They look up who asks, the agency, or what it has itself.
    *((operation, "not_found") for operation in ("list_agencies", "list_apps", "register_app", "change_availability")),
    *((operation, "not_found") for operation in ("change_language", "preview_billing_change", "change_subscription")),
]


def codes() -> Mapping[str, frozenset[str]]:
    """The codes by operation."""
    by_operation: dict[str, set[str]] = {}
    for operation, words in (*_GROUPS, *_other_verbs()):
        by_operation.setdefault(operation, set()).update(words.split())
    return {operation: frozenset(words) for operation, words in by_operation.items()}


def _other_verbs() -> Iterable[tuple[str, str]]:
    """A code about one action on a message belongs only to the operations that do this action."""
    every = [verb for verb in get_args(Verb) if verb not in OF_PEOPLE]
    for operation, verbs in _ON_MESSAGES.items():
        yield operation, " ".join(f"cannot_{verb}" for verb in every if verb not in verbs)
