"""Learning the forests that find a page's article; see README.md."""
