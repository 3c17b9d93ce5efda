#!/usr/bin/env bash
# Checks an endpoint in a pipeline and passes the verdict to the next steps.
# Reads ROLE, URL, ARGUMENTS, REPORT_DIR and ALLOW_INCOMPLETE from the environment.
set -uo pipefail

# Split into words as a shell does (with quotes), but never evaluated.
arguments=()
if [ -n "${ARGUMENTS:-}" ]; then
    while IFS= read -r -d '' word; do
        arguments+=("$word")
    done < <(printf '%s' "$ARGUMENTS" | xargs printf '%s\0')
fi

ooapi-toets check "$ROLE" --url "$URL" --report-dir "${REPORT_DIR:-reports}" ${arguments[@]+"${arguments[@]}"}
code=$?

case $code in
    0) verdict=conformant ;;
    1) verdict="not conformant" ;;
    3) verdict=incomplete ;;
    *) verdict="no verdict" ;;
esac
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf 'verdict=%s\nexit-code=%s\n' "$verdict" "$code" >> "$GITHUB_OUTPUT"
fi
if [ "$code" -eq 3 ] && [ "${ALLOW_INCOMPLETE:-false}" = true ]; then
    exit 0
fi
exit "$code"
