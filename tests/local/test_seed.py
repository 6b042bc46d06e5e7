"""What speaks to a deployed stack speaks to that one, whatever the same process worked on before."""

import subprocess
import sys

# A process of its own: it changes its environment.
ELSEWHERE_FIRST = """
import os
from collections import defaultdict
from local import environment, seed
os.environ.update(environment.NOWHERE)
from chalicelib import settings
from chalicelib.aws import queues
from chalicelib.store import connection
connection.opened(), queues._client()
seed.configure(defaultdict(lambda: "there"), "http://127.0.0.1:9")
print(settings.get().table, connection.opened().table_name, queues._client().meta.endpoint_url)
"""


def test_what_was_opened_elsewhere_is_opened_anew() -> None:
    done = subprocess.run([sys.executable, "-c", ELSEWHERE_FIRST], check=False, capture_output=True, text=True)
    assert done.stdout.split() == ["there", "there", "http://127.0.0.1:9"], done.stderr
