"""The environment of everything that runs on one machine: a real account's credentials can never be picked up."""

import inspect
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib import settings

REGION = "eu-west-1"
ACCOUNT = "000000000000"
ROOT = Path(__file__).parents[1]
# Every variable that settings.py requires, for code that calls nothing that they name.
NOWHERE: Mapping[str, str] = {
    **dict.fromkeys(re.findall(r'env\["(\w+)"\]', inspect.getsource(settings)), "none"),
    "AWS_REGION": REGION,
}


def tools() -> dict[str, str]:
    """For our commands that would otherwise call AWS: no profile, no metadata service, our own region."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return inherited | {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PYTHONPATH": str(ROOT),
    }


def forget() -> None:
    """Clears what our code keeps for the process, such as settings and connections, so that it is made again when
    needed.
    """
    ours = [module for name, module in sys.modules.items() if name.partition(".")[0] == "chalicelib"]
    for kept in {id(value): value for module in ours for value in vars(module).values()}.values():
        if callable(clear := getattr(kept, "cache_clear", None)):
            clear()


def client(service: str, endpoint: str) -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",
        config=Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"}),
    )
