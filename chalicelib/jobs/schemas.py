"""What the routes of this area give."""

from typing import get_args

from chalicelib.api import schema
from chalicelib.jobs.jobs import Status

JOB = schema.body(
    "Job",
    ("id", "kind", "status", "done", "outcomes", "file", "started_by", "created_at", "updated_at"),
    id=schema.id_of("job"),
    kind={"type": "string"},
    status=schema.one_of(get_args(Status)),
    done={"type": "integer", "description": "How many things the job has done so far."},
    outcomes=schema.nullable(
        schema.map_of({"type": "integer"}, "The number of things for each outcome, if the outcomes differ.")
    ),
    file={
        **schema.TEXT_OR_NULL,
        "description": "A link to the file that the job made, valid for a quarter of an hour.",
    },
    started_by={"type": "string"},
    created_at=schema.TIME,
    updated_at=schema.TIME,
)
