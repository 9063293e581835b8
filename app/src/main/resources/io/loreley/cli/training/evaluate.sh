#!/bin/sh
read -r value < value.txt
echo "{\"metrics\": [{\"name\": \"value\", \"value\": $value}]}" > "$LORELEY_RESULT"
