"""How a service is served: sockets, processes that share them, and how one server makes way for the next."""
