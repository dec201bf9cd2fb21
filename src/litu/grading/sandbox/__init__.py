"""The box that student code runs in: namespaces, system calls, limits. Knows no notebook."""
