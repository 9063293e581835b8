#!/usr/bin/env bash
# GONE
set -euo pipefail
version=${1#v}KEPT                      # GONE
cat > config <<-'END-OF-FILE'
	# KEPT: the file begins with it
	url = https://KEPT.example # KEPT
	END-OF-FILE
cat << EOF >> config
it's KEPT # KEPT
EOF
say() { printf '%s\n' "$(date +%s) # KEPT: $1"; } # GONE
say it\'s # GONE
say "$(grep -c "# KEPT" config)"
[ $# -gt 0 ] && say 'done # KEPT'
