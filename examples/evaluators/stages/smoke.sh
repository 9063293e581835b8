#!/bin/sh
# Does the file hold two numbers at all?
awk '$1 ~ /^[xy]$/ && $2 ~ /^-?[0-9.]+$/ { n++ } END { printf "{\"metrics\": {\"numbers\": %d}}\n", n }' point.txt
