"""The town: municipalities, offices through time, people, posts and assignments."""
