"""Grading a class: students' notebooks run in boxes, verdicts are made outside them."""
