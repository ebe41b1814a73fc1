#!/bin/bash
# Make ../static/vendor anew from the packages of package-lock.json: needs node and npm, which
# neither installing nor running gongkai does.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --silent --no-audit --no-fund --omit-lockfile-registry-resolved
vendor=../static/vendor
npx esbuild codemirror.js --bundle --format=esm --minify --legal-comments=none \
    --outfile="$vendor/codemirror.js" --log-level=warning
node licences.mjs > "$vendor/codemirror.LICENSE.txt"
(cd "$vendor" && sha256sum codemirror.js codemirror.LICENSE.txt > SHA256SUMS)
rm -rf node_modules
