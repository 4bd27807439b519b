"""What grades: tasks compiled, work admitted, verdicts found in the cache or made, in this process or in workers."""
