rounds=200
i=0
while [ $i -lt $rounds ]; do
  i=$((i + 1))
done
