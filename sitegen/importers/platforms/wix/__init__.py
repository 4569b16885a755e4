"""What can be had of a Wix blog."""
