"""The promises of every kind of task, on the cases of `reward_server.cases`."""
