"""What LinkedIn did not post: whether it posts to our hook at all, and its notifications of the last 60 days.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-social-action-notifications
"""

from collections.abc import Sequence

from chalicelib.networks import base
from chalicelib.networks.linkedin.connect import subscription
from chalicelib.networks.linkedin.inbound import EVENTS
from chalicelib.networks.linkedin.outbound import call, encoded
from chalicelib.networks.read import millis, parts, words

_SIZE = 50
_KINDS = ",".join(name for name in EVENTS if name not in ("LIKE", "SHARE"))


def unheard(credentials: base.Credentials, hook: str) -> Sequence[str]:
    try:
        answer = call(credentials, "GET", subscription(credentials)).json
    except base.Gone:
        return ("notifications",)
    return () if words(answer.get("webhook")) == hook else ("notifications",)


def past(credentials: base.Credentials, stretch: base.Stretch) -> base.Pulled:
    """Reads one page, which usually has the newest first; the next page begins where this one ends."""
    first = words(stretch.mark.get("start"))
    start = int(first) if first.isdecimal() else 0
    asked = f"q=criteria&actions=List({_KINDS})&organizationalEntity={encoded(credentials.account)}"
    path = f"/rest/organizationalEntityNotifications?{asked}&start={start}&count={_SIZE}"
    rows = parts(call(credentials, "GET", path).json, "elements")
    notices = [row for row in reversed(rows) if millis(row.get("lastModifiedAt")) >= stretch.since]
    flags = {"history": True} if stretch.is_history else {}
    bodies = [{"notifications": notices, **flags}] if notices else []
    return base.Pulled(bodies=bodies, mark={"start": str(start + len(rows))}, more=len(rows) == _SIZE and bool(notices))
