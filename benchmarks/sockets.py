"""Telling open pages: how long from an append to the frames of a room, and what a frame costs.

The room's sockets are items of the table; the gateway is a double in this process, which answers at once and takes the
time. So that figure is our own work: queues, the stream and AWS's gateway come on top. What a post costs is measured on
a real socket of the emulator's gateway, which is another process, beside the same post by a boto3 client.
"""

import time
from collections.abc import Mapping
from typing import Any

from benchmarks import figure, stand
from benchmarks.capacity import units
from benchmarks.figure import Figure
from benchmarks.inbox import Inbox
from benchmarks.measure import side_by_side
from chalicelib.store import lookups

SOCKETS, DEAD, MEMBERS = 200, 40, 20
APPENDS, POSTS = 40, 300
FRAME = b'{"type":"events","events":[' + b"x" * 570 + b"]}"


def figures(stack: Mapping[str, Any]) -> list[Figure]:
    """The time to a frame, the units it takes, and the CPU of a post."""
    with stand.apart() as apart:
        return [*apart(_told, stack), *apart(_posted, stack)]


class Double:
    """A gateway that answers at once: that a socket is gone if it is dead, and otherwise when it was told."""

    def __init__(self) -> None:
        self.dead: set[str] = set()
        self.told_at: list[float] = []

    def post(self, socket: str, frame: bytes) -> Any:
        if socket in self.dead:
            return "gone"
        self.told_at.append(time.perf_counter())
        return "sent"

    def close(self, socket: str) -> None:
        """Nobody is there."""


def _told(stack: Mapping[str, Any]) -> list[Figure]:
    from chalicelib import clock, ids
    from chalicelib.events import lane
    from chalicelib.events.events import Event
    from chalicelib.sockets import pushes
    from chalicelib.store import fence

    agency, gateway, seconds = ids.new("agc"), Double(), list[float]()
    watched = Inbox(stack, "16505550009").watched
    with fence.within(agency):
        gateway.dead = set(_open(agency)[:DEAD])

        def happens() -> None:
            began, now = time.perf_counter(), clock.now()
            event = Event(ids.new("evt"), "role.changed", now, "", ids.new("rol"))
            (segment,) = lane.append(agency, [event], now, now)
            pushes.push(agency, 0, segment.number, segment.number, gateway, now)
            seconds.extend(moment - began for moment in gateway.told_at)
            gateway.told_at.clear()

        for _ in range(APPENDS):
            happens()
        if len(seconds) != APPENDS * (SOCKETS - DEAD):
            raise SystemExit("Not every socket was told.")
        read = units(watched("after-call", happens))[1]
    late = sorted(seconds)[int(len(seconds) * 0.95)]
    return [
        figure.limit("Append to frame in a room of 200 sockets, 40 of them dead, p95, gateway's double", late, 1, "s"),
        Figure("Read units of telling 160 sockets of 20 members", read, "RU", None, None, "reported", ok=True),
    ]


def _open(agency: str) -> list[str]:
    """The ids of sockets that are in the first room."""
    from chalicelib import clock
    from chalicelib.sockets import rooms
    from chalicelib.store import table
    from chalicelib.store.models.people import Membership
    from chalicelib.store.models.sockets import Socket

    now = clock.now()
    for number in range(MEMBERS):
        grants = [{"role": "owner", "brands": None}]
        subject, member = lookups.user(f"bench{agency}{number}"), f"mbr_{number}"
        table.put(Membership(subject, agency, agency=agency, member=member, name="Ana", grants=grants))
    for number in range(SOCKETS):
        subject, member = f"bench{agency}{number % MEMBERS}", f"mbr_{number % MEMBERS}"
        socket = Socket(
            id=f"{agency}{number}", member=member, subject=subject, seat=0, wanted={"detail": "thin"},
            expires=(now + rooms.LIFE) // clock.SECOND,
        )  # fmt: skip
        rooms.enter(agency, 0, socket)
    return [f"{agency}{number}" for number in range(SOCKETS)]


def _posted(stack: Mapping[str, Any]) -> list[Figure]:
    import boto3
    from botocore.config import Config
    from botocore.credentials import Credentials

    from chalicelib import clock
    from chalicelib.aws.clients import USER_AGENT
    from chalicelib.aws.gateway import SignedGateway
    from chalicelib.sockets import rooms
    from chalicelib.store import fence
    from local import environment
    from tests.support.listener import listening
    from tests.support.stack import Member

    callbacks = stack["sockets"].replace("ws", "http", 1)
    keys = Credentials(environment.ACCOUNT, "local", "token" * 60)
    gateway = SignedGateway(f"{callbacks}/@connections", environment.REGION, keys)
    client = boto3.client(
        "apigatewaymanagementapi", endpoint_url=callbacks, region_name=environment.REGION,
        aws_access_key_id=keys.access_key, aws_secret_access_key=keys.secret_key, aws_session_token=keys.token,
        config=Config(user_agent=USER_AGENT),
    )  # fmt: skip
    with listening(Member(stack["api"], stack["tokens"]["owner"])), fence.within(stack["agency"]):
        (socket,) = [socket.id for socket in rooms.sockets_in(stack["agency"], 0, clock.now())]
        if gateway.post(socket, FRAME) != "sent":
            raise SystemExit("The socket is not there.")
        ours, theirs = side_by_side(
            lambda: gateway.post(socket, FRAME),
            lambda: client.post_to_connection(ConnectionId=socket, Data=FRAME),
            POSTS,
        )
    return [figure.ratio("CPU of a frame to a socket, beside a boto3 client's", ours, theirs, 0.9)]
