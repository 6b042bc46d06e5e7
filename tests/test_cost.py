"""What things cost is computed from what was measured, and a million messages stay below what they may cost."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from benchmarks import bill, price
from benchmarks.figure import LATEST
from local import yaml_files
from local.environment import ROOT

DATA = yaml_files.read(price.PRICES)
FIGURES = json.loads(LATEST.read_text())["figures"]
USED = {
    "on_hook: calls": 1.0, "on_inbound: calls": 1.0, "on_hook: CPU ms": 1.0, "on_hook: calls to AWS": 1.0,
    "queue requests": 3.0, "fifo requests": 1.0, "write units": 7.0, "read units": 2.0, "kept bytes": 1000.0,
    "log bytes": 2000.0, "s3 PutObject": 1.0,
}  # fmt: skip


def test_a_unit_costs_what_the_list_says() -> None:
    lines = bill.lines(USED, DATA)
    assert (lines["gateways"], lines["table, writes"], lines["table, reads"]) == (1.00, 7 * 0.625, 2 * 0.125)
    assert (lines["bucket"], lines["functions, calls"]) == (5.00, 0.40)
    assert lines["queues"] == pytest.approx(3 * 0.40 + 0.50)
    assert lines["logs"] == pytest.approx(2 * 0.50)
    assert lines["kept, a month"] == pytest.approx(0.45)


def test_time_is_cpu_at_a_share_of_a_core_and_waiting() -> None:
    assert bill.seconds(USED, "on_hook", DATA) == pytest.approx((1 * 1769 / 512 + 5) / 1000)
    assert bill.seconds({"on_outbox: calls": 1.0}, "on_outbox", DATA) == pytest.approx(0.3)


def test_a_batch_shares_calls_and_receiving_but_not_sending() -> None:
    alone, batched = bill.lines(USED, DATA), bill.lines(USED, DATA, 10)
    assert batched["functions, calls"] == pytest.approx(0.20 + 0.02)
    assert alone["queues"] - batched["queues"] == pytest.approx(2 * 0.9 * 0.40)
    assert batched["gateways"] == alone["gateways"]


def test_portion_of_events_is_one_task_and_one_item_that_is_kept_for_a_week() -> None:
    used = {"on_event: requests": 3.0, "on_event: write units": 1.0, "on_event: kept bytes": 1000.0}
    alone, batched = bill.lines(used, DATA), bill.lines(used, DATA, 10)
    assert [alone["queues"], alone["table, writes"]] == pytest.approx([1.50, 0.625])
    assert [batched["queues"], batched["table, writes"]] == pytest.approx([0.15, 0.0625])
    assert [alone["kept, a month"], batched["kept, a month"]] == pytest.approx([0.45 * 7 / 30.4] * 2)


def test_limits_are_told_the_nearest_first() -> None:
    entries = [
        {"part": "table", "of": "a", "work": "message", "needs": "write units", "most": 4000, "then": "throttled"},
        {"part": "list", "of": "b", "work": "message", "units": 2, "most": 1000, "then": "throttled"},
        {"part": "on_hook", "of": "c", "work": "message", "reserved": "on_hook", "then": "refused"},
    ]
    limits = bill.limits({"message": USED}, {**DATA, "limits": entries}, {"on_hook": 2})
    assert [limit.part for limit in limits] == ["on_hook", "list", "table"]
    assert [round(limit.reached) for limit in limits] == [237, 500, 571]


def test_what_is_paid_when_nothing_happens_grows_with_what_there_is() -> None:
    few, many = bill.fixed(DATA, 1, 10, 1), bill.fixed(DATA, 2, 20, 2)
    assert many["alarms"] == 2 * few["alarms"] == 2.0
    assert many["polling empty queues"] == 2 * few["polling empty queues"]


def test_what_was_never_measured_is_told() -> None:
    with pytest.raises(SystemExit, match="never measured: make bench"):
        bill.used(FIGURES, "miracle")


@pytest.mark.parametrize("work", price.WORKS)
def test_all_that_was_measured_has_a_price(work: str) -> None:
    used = bill.used(FIGURES, work)
    functions = {name.partition(": ")[0] for name in used if ": " in name}
    priced = {"write units", "read units", "queue requests", "fifo requests", "log bytes", "kept bytes"}
    others = {name for name in used if ": " not in name} - priced
    assert others <= {"s3 PutObject", "s3 GetObject", "kms Decrypt"}
    background = {"on_inbound", "on_change", "on_event", "on_outbox", "on_audit", "on_followup"}
    assert functions <= {"api", "on_hook", *background}


# Half the milliseconds, half the bill
def test_a_million_messages_cost_what_was_decided() -> None:
    costs = price.of_messages(bill.used(FIGURES, "message"), DATA)
    assert [cost <= target for cost, target in costs] == [True, True, True]


def test_first_target_leaves_out_what_the_lane_takes_and_nothing_else() -> None:
    used = {**USED, "on_event: calls": 1.0, "on_event: requests": 3.0}
    assert price.untold(used) == USED


@pytest.mark.parametrize(
    ("row", "work"),
    [
        ("message of 100 characters, alone", "message"),
        ("message of 1,720 characters", "long message"),
        ("message that starts a deadline", "message with a deadline"),
        ("page of 25 conversations", "page"),
        ("reply, sent and sealed", "reply"),
        ("approval, on top of the reply", "approval"),
    ],
)
def test_page_tells_what_the_figures_give(row: str, work: str) -> None:
    [figure] = re.findall(rf"\| {row} \| ([\d.]+) \|", (ROOT / "docs" / "performance.md").read_text())
    cost = sum(bill.lines(bill.used(FIGURES, work), DATA).values())
    assert float(figure) == pytest.approx(cost, rel=0.05), "make cost tells it anew"


def test_prices_say_where_and_when_they_held() -> None:
    assert (DATA["region"], str(DATA["checked"])[:2]) == ("us-east-1", "20")


@pytest.mark.slow
def test_command_prints_it_all_and_explains_itself() -> None:
    printed = _run().stdout
    assert all(word in printed for word in ("together", "USD a month", "ends at, a second", "hooks' gateway"))
    assert "latest.json" in _run("--help").stdout


def _run(*options: str) -> Any:
    command = [sys.executable, "-m", "benchmarks.price", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
