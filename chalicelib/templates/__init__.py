"""Templates of channels: texts that a network must approve before anybody may send them."""
