"""What lives as long as the process and touches the disk; knows no Discord."""
