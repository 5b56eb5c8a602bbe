"""Makes projects of any size, with the reports that coverage.py would write of them."""
