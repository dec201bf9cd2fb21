"""Forms of answers that an author asks for by name: ``check(…, form="order")``. A list or a dict is read as what it stands for."""
