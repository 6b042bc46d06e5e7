"""The publications that comments belong to, as their networks describe them."""
