"""What an operator sees: metrics, logs, and how free the event loop is. No completion or task is ever a label."""
