"""Runs notebooks in the sandbox.

Trusted, in the grader's process: executor, session, protocol, models, outputs,
fork_server, kernel. Runs as the student: zygote until the fork; worker, shell
and preload after it. Nothing trusted imports what runs as the student.
"""
