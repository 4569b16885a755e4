"""The built site over HTTP on this machine, with live reload: from the plan alone, never from a path of the disk."""
