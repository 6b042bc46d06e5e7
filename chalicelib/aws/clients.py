"""Makes clients of AWS's services, other than the table's.

Their time-outs are short: API Gateway gives a request 29 s, and a queue delivers an unfinished message again.
"""

from typing import Any

from chalicelib import settings

USER_AGENT = "palabre"  # for speed: otherwise botocore builds a long one, twice for each call


def make(service: str, *, address: str = "", **options: Any) -> Any:
    """A client of the service, at its usual address or at `address`; `options` override our botocore settings.

    Loads boto3 when it is called first.
    """
    import boto3
    from botocore.config import Config

    config = Config(
        user_agent=USER_AGENT, connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 3}
    )
    return boto3.client(
        service,
        region_name=settings.get().region,
        endpoint_url=address or None,
        config=config.merge(Config(**options)),
    )
