"""Pages of the 決裁箱."""
