"""What a student's copy holds of the checks: hashes and sealed messages."""
