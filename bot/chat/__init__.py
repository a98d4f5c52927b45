"""What every command and the client stand on; knows no command."""
