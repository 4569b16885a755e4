"""What sitegen needs of the machine: files, processes, the network."""
