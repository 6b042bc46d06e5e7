"""What people and brands say to each other: conversations of messages, and the contacts behind them."""
