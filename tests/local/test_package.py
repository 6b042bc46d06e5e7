"""What is left out of the package, no function misses."""

import ast

from local import package, sources


def test_every_service_that_a_function_asks_is_described_in_the_package() -> None:
    asked = {
        node.args[0].value
        for path in (package.ROOT / "chalicelib").rglob("*.py")
        for node in sources.nodes(path)
        if isinstance(node, ast.Call) and sources.name(node.func) == "clients.make"
        if isinstance(node.args[0], ast.Constant)
    }
    assert {"s3", "sqs", "bedrock-runtime"} <= asked
    assert asked <= set(package.SERVICES)
