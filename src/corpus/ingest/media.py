"""The media types that readers name (IANA's registry; x- where it has none)."""

PLAIN, MARKDOWN, HTML = "text/plain", "text/markdown", "text/html"
JSON_LINES, JSON_ROW = "application/x-ndjson", "application/json"
XML, OCTETS, EMPTY = "application/xml", "application/octet-stream", "application/x-empty"
ZIP, TAR, WARC, WACZ = "application/zip", "application/x-tar", "application/warc", "application/wacz"
JSON, JSON_FEED = "application/json", "application/feed+json"
CSV, TSV, PARQUET, MHTML = (
    "text/csv",
    "text/tab-separated-values",
    "application/vnd.apache.parquet",
    "multipart/related",
)
