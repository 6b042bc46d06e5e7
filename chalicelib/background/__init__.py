"""The background: one module per Lambda that a queue, the stream or the clock calls."""
