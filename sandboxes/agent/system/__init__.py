"""What the agent asks of the kernel: calls, filters, control groups, namespaces, and the proof that nothing is left."""
