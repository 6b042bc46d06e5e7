import multiprocessing
import socket
from pathlib import Path

import pytest

from local import ports

# From where on a system gives ports to connections.
LINUX, ELSEWHERE = Path("/proc/sys/net/ipv4/ip_local_port_range"), 49_152


def test_free_port_is_given_once_as_long_as_who_asked_for_it_lives(tmp_path: Path) -> None:
    three = range(21_000, 21_003)
    with multiprocessing.get_context("spawn").Pool(1) as another:
        given = {another.apply(ports.free, (three, tmp_path)), ports.free(three, tmp_path), ports.free(three, tmp_path)}
        assert given == set(three)
        with pytest.raises(SystemExit, match="No port from 21000 to 21002 is free"):
            ports.free(three, tmp_path)
    another.join()
    assert ports.free(three, tmp_path) in given


def test_port_with_a_server_is_not_free(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        assert ports.in_use(taken)
        with pytest.raises(SystemExit, match="is free"):
            ports.free([taken], tmp_path)
    assert not ports.in_use(taken)


def test_no_outgoing_connection_is_given_a_port_that_we_call_free() -> None:
    first = int(LINUX.read_text().split()[0]) if LINUX.exists() else ELSEWHERE
    assert max(ports.RANGE) < first
