"""What a completion chooses among options: by label, by the option's own words, by its value."""
