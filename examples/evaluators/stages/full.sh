#!/bin/sh
awk -v bytes="$(wc -c < point.txt)" '$1 == "x" { x = $2 } $1 == "y" { y = $2 }
  END { d = sqrt((x - 3) ^ 2 + (y + 2) ^ 2)
        printf "{\"metrics\": [{\"name\": \"distance\", \"value\": %.9f, \"direction\": \"minimize\"}, {\"name\": \"bytes\", \"value\": %d, \"direction\": \"minimize\"}]}\n", d, bytes }' point.txt
