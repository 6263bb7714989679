"""The package's regular expressions: where they are, and how many steps they take on texts that are made to hurt."""
