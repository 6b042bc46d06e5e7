"""How clients of AWS's services are made. They wait for seconds only: API Gateway waits 29 s, queues deliver again."""

from typing import Any

from chalicelib import settings

USER_AGENT = "palabre"  # for speed: otherwise botocore builds a long one, twice for each call


def make(service: str, **options: Any) -> Any:
    """A client of the service; `options` are botocore's, in place of ours. boto3 is loaded when one is needed first."""
    import boto3
    from botocore.config import Config

    config = Config(
        user_agent=USER_AGENT, connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 3}
    )
    return boto3.client(service, region_name=settings.get().region, config=config.merge(Config(**options)))
