"""The audit as it is proved and read; later metrics and reports."""
