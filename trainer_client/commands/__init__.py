"""The commands of `trainer-client`, one file each: `commands/<name>.py` with a function of that name."""
