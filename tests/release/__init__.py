"""The release's own tools, without registry or server."""
