"""Understanding a file before anything of it is changed: names, types, shapes, axis orders."""
