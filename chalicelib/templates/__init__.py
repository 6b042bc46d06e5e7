"""Templates of channels: texts that a network looks at before anybody may send them."""
