"""What each command takes: one module a command, light to import; what it does is imported when it runs."""
