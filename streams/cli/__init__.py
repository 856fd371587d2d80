"""Commands only: parse, call, print. One file a command group; what a command does lives in the modules that it calls."""
