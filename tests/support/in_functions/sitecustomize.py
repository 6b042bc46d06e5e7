"""Python runs this as it starts, wherever this folder is on its path: a function then writes down what it asks of AWS.

Only the emulator that tests start has this folder on its path, and hands it to the functions.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

FUNCTION, FOLDER = os.environ.get("AWS_LAMBDA_FUNCTION_NAME"), os.environ.get("CALLS_FOLDER")


def _record(function: str, file: Path) -> None:
    """From now on, writes each kind of request once; the names in it are those of the template."""
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])  # the function's own botocore, not that of the tests
    from botocore import handlers

    from tests.support import aws_calls

    names, written = aws_calls.names(os.environ), set[str]()

    def write(requests: list[aws_calls.Call]) -> None:
        for request in requests:
            line = json.dumps({"function": function, **request})
            if line not in written:
                written.add(line)
                with file.open("a") as lines:
                    lines.write(f"{line}\n")

    def asks(params: Any, model: Any, context: Any, **_: Any) -> None:
        if context.get("is_presign_request") and model.name == "CreateBucket":
            return  # nobody is asked: it is how botocore finds the address of a form
        service = model.service_model.signing_name
        write(aws_calls.needed(service, model.name, params, names))
        context["asked"] = params

    def is_answered(parsed: Any, model: Any, context: Any, **_: Any) -> None:
        if (parsed.get("Error") or {}).get("Code") == "NoSuchKey":
            write(aws_calls.needed_to_learn_that_there_is_none(context["asked"], names))

    hooks: list[Any] = handlers.BUILTIN_HANDLERS
    hooks += [("before-parameter-build", asks), ("after-call.s3.GetObject", is_answered)]


if FUNCTION and FOLDER:
    _record(FUNCTION, Path(FOLDER) / f"{FUNCTION}-{os.getpid()}.jsonl")
