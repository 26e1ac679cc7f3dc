"""What came in, read and shown at the desk."""
