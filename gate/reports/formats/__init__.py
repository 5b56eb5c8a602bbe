"""One module per coverage format. A module placed here is found by `gate.reports.read`; no list names it.

Each module offers `NAME` (shown to users), `recognises(sample: bytes) -> bool` (is a file this
format's, by its first and last 64 KiB?) and `read(file: ReportFile, repository: Repository) -> Report`.
Two formats never recognise the same file.
"""
