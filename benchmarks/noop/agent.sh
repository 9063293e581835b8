#!/bin/sh
# Changes one line, from the seed of the request, and reports it. With what the shell has built in: a program that it
# started would be measured as a cost of the framework.
while read -r name _ value; do
  [ "$name" = '"seed"' ] && echo "${value%,}" > value.txt
done < "$LORELEY_REQUEST"
echo '{"summary": "set the value"}' > "$LORELEY_RESULT"
