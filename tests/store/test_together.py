"""Reads made together are each inside the fence of whoever asks."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from threading import Barrier, get_ident
from time import sleep

import pytest

from chalicelib import errors
from chalicelib.store import fence, keys, table, together
from chalicelib.store.models.brands import Brand
from local import environment
from tests.support.stack import Stack

ROOT = Path(__file__).parents[2]
# The connection is opened by one thread, and used first by another.
FIRST_USE = """
from concurrent.futures import ThreadPoolExecutor
from chalicelib.store import connection, table
from chalicelib.store.models.brands import Brand
for work in (connection.opened, lambda: table.get(Brand, "agc_1", "brand#brd_1")):
    with ThreadPoolExecutor(1) as thread:
        print(repr(thread.submit(work).exception()))
"""


def within(agency: str) -> str:
    with fence.within(agency):
        return agency


def test_fence_goes_with_each_read() -> None:
    with fence.within("agc_1"):
        assert together.each([lambda: within("agc_1")] * 20) == ["agc_1"] * 20
        with pytest.raises(fence.Trespass):
            together.each([lambda: within("agc_1"), lambda: within("agc_2")])
    assert together.each([lambda: within("agc_2")] * 20) == ["agc_2"] * 20


def test_nothing_of_another_agency_is_read_together(stack: Stack) -> None:
    reads = [partial(table.get, Brand, agency.id, keys.noun(agency.brand)) for agency in (stack.ours, stack.theirs)]
    with pytest.raises(fence.Trespass):
        together.each(reads)
    with fence.within(stack.ours.id):
        assert all(together.each(reads[:1] * 3))
        with pytest.raises(fence.Trespass):
            together.each(reads)


def test_answers_are_in_the_order_of_the_questions_which_do_not_wait_for_each_other() -> None:
    all_there, numbers = Barrier(together.MOST, timeout=30), range(together.MOST)

    def answer(number: int) -> int:
        all_there.wait()
        return number

    assert together.each([partial(answer, number) for number in numbers]) == [*numbers]
    assert together.each([]) == []


def test_connection_is_fenced_whichever_thread_uses_it_first() -> None:
    env = {**environment.tools(), **environment.NOWHERE, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    asked = [sys.executable, "-c", FIRST_USE]
    done = subprocess.run(asked, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "Trespass('GetItem in agency')"


def test_error_of_the_first_that_failed_is_raised_once_all_that_began_have_ended() -> None:
    ended: list[int] = []

    def work(number: int) -> int:
        if number == 0:
            raise errors.NotFound
        sleep(0.01)
        ended.append(number)
        return number

    with pytest.raises(errors.NotFound):
        together.each([partial(work, number) for number in range(20)])
    before = len(ended)
    sleep(0.05)
    assert len(ended) == before


def test_what_is_asked_inside_of_a_read_waits_for_no_thread() -> None:
    def inner(number: int) -> list[int]:
        return together.each([partial(int, number)] * 3)

    assert together.each([partial(inner, number) for number in range(3 * together.MOST)]) == [
        [number] * 3 for number in range(3 * together.MOST)
    ]
    assert together.each([get_ident] * 2)[0] != get_ident()  # only inside it is one by one


def test_threads_are_kept() -> None:
    asked = [sleep_and_say for _ in range(together.MOST)]
    assert len({thread for _ in range(3) for thread in together.each(asked)}) <= together.MOST


def sleep_and_say() -> int:
    sleep(0.001)
    return get_ident()
