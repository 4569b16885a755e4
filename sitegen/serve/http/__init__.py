"""HTTP/1.1 on this machine: connections, requests and responses."""
