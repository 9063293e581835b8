#!/bin/sh
read -r value < value.txt
echo "$((value + 1))" > value.txt
echo '{"summary": "raise the value"}' > "$LORELEY_RESULT"
