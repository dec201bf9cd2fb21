"""What grading found: kept on disk, reported, shown to students."""
