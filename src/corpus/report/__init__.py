"""From a release to pages that people read: the funnel, the data-quality report, the life of one record."""
