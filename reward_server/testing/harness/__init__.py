"""What is put around a program so that it runs as its data set meant: imports, calls, test runners."""
