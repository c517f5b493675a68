"""Speed of the main pages, beside a floor measured in the same run: ``make bench``."""
