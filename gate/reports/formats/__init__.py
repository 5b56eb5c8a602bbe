"""One module per coverage format. A module placed here is found by `gate.reports.read`; no list names it.

Each module offers `NAME` (shown to users), `recognises(head: bytes) -> bool` (is the beginning of a file
this format's?) and `read(data: bytes, wants: Wants) -> Report`.
"""
