"""`python -m ssp.launcher`: the embedded servers, the database, web server, worker, scheduler and mail sink, from one
start to one clean end. script/server makes the environment and then becomes this."""
