"""What came in: collected, parsed, repaired, looked through. Every byte of it is untrusted."""
