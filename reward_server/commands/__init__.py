"""Commands of `reward-server`, one file each: the file `x_y.py` has a function `x_y`, which is the command `x-y`."""
