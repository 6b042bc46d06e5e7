"""Reads made together are each inside the fence of whoever asks."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest

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
    reads = [partial(table.get, Brand, of.id, keys.noun(of.brand)) for of in (stack.ours, stack.theirs)]
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
