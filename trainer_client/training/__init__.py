"""A small GRPO trainer: sampling, rewards while it samples, losses, checkpoints, journal, evaluation."""
