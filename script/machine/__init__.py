"""What script/server and script/test do to the machine before there is an environment.

Runs on the system's own Python (3.9 or newer) with nothing but its standard library. Every step looks first, does
something only when needed, and says it in one line. Nothing here imports the product.
"""
