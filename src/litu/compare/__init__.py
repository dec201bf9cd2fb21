"""An answer held against what is known of right ones: by the key, or by a student's copy through the same steps."""
