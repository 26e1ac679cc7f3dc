"""Pages of bodies on the desk."""
