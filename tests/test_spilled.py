"""BI-40: what looks at the end of a run for secrets in logs, audit and events sees them, and nothing else."""

import pytest

from tests.support import spilled


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Bearer sk_test_local was sent", "a key of Stripe's"),
        ('{"key": "rk_live_51H8x"}', "a key of Stripe's"),
        ("whsec_0a1b2c3d", "what Stripe signs with"),
        ("http://127.0.0.1:9000/stripe/checkout.stripe.com/pay/cs_test_1", "a page of Stripe's"),
        ("https://billing.stripe.com/session/bps_1", "a page of Stripe's"),
        ("https://invoice.stripe.com/i/in_1?s=ap", "a page of Stripe's"),
        ("paid with 4242 4242 4242 4242.", "a card's number"),
        ("5555555555554444", "a card's number"),
        ("vat=FR12345678901", "a VAT id"),
        ("ATU12345678", "a VAT id"),
        ("token EAAB000000001messenger", "a channel's token"),
    ],
)
def test_secret_is_seen(text: str, kind: str) -> None:
    assert list(spilled.kinds(text)) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "4242 is all that is shown", "visa 4242, 2034-12", "4242424242424241", "10634000000001", "17898765432109876",
        "cus_17c99a6c00000065 is active", "https://docs.stripe.com/billing", "whsec is missing", "DE and FR",
        "invoice.stripe.com", "sk_te", "m_00000000-4111-1111-1111-1111abcdabcd",
    ],
)  # fmt: skip
def test_what_may_be_written_is_not_taken_for_a_secret(text: str) -> None:
    assert list(spilled.kinds(text)) == []
