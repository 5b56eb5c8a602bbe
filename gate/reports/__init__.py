"""Reading what test tools wrote: one file per coverage format, JUnit, and names in reports."""
