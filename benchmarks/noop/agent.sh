#!/bin/sh
# Changes one line, from the seed of the request, and reports it.
seed=$(sed -n 's/.*"seed" *: *\([0-9]*\).*/\1/p' "$LORELEY_REQUEST" | head -n 1)
echo "$seed" > value.txt
echo '{"summary": "set the value"}' > "$LORELEY_RESULT"
