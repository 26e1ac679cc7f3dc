"""`yakuba serve`: the web processes and one worker, started and stopped together."""
