#!/bin/sh
read -r value < value.txt
echo "{\"summary\": \"read the value\", \"metrics\": [{\"name\": \"value\", \"value\": $value, \"direction\": \"maximize\"}]}" > "$LORELEY_RESULT"
