"""`script/bench`: what the pages, the documents and the first load cost, beside a bare minimum. Never a timed test."""
