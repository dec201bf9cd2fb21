"""nbgrader's doors to the engine: `nbgrader autograde`, Formgrader's button, and an instructor's own assignments."""
