#!/usr/bin/env bash
# Sends what a system sends, with curl: option 2 as the loop of flow 2 has it, one participant at a time.
#
#   OFFICE=http://127.0.0.1:8000/office client.sh STEP SESSION URL
set -euo pipefail
step=$1 session=$2 url=$3

# curl tries again by itself on 408, 429, 500, 502, 503, 504 and broken connections, and heeds Retry-After.
send() {
    curl --silent --show-error --fail --retry 5 --retry-all-errors --max-time 30 -X "$1" "$2" "${@:3}"
}

json() {
    send "$1" "$2" -H 'Content-Type: application/json' --data-binary "$3" >/dev/null
}

id_in() {
    sed -n 's/.*"offeringId":"\([^"]*\)".*/\1/p'
}

latest() {
    if [ -n "$session" ]; then echo "$session"; else send GET "$OFFICE/sessions/latest$1" | id_in; fi
}

create() {
    local offering
    offering=$(send POST "$OFFICE/sessions")
    json PUT "$url/offerings" "$offering"
    id_in <<<"$offering"
}

perform() {
    local id people
    case $1 in
    2.1) create >/dev/null ;;
    2.2)
        id=$(create)
        send POST "$OFFICE/sessions/$id/people?students=3&staff=yes" -H 'Accept: application/x-ndjson' |
            while read -r one; do json PUT "$url/offerings/$id/associations" "$one"; done
        ;;
    2.3)
        id=$(latest '?people=yes')
        people=$(send POST "$OFFICE/sessions/$id/people?students=1")
        json PUT "$url/offerings/$id/associations" "$people"
        ;;
    2.4)
        id=$(latest '?people=yes')
        people=$(send DELETE "$OFFICE/sessions/$id/people/first")
        json PUT "$url/offerings/$id/associations" "$people"
        ;;
    2.5)
        id=$(latest '')
        send DELETE "$url/offerings/$id" >/dev/null
        send DELETE "$OFFICE/sessions/$id"
        ;;
    4.1) json PATCH "$url/offerings/$session" "$(send PUT "$OFFICE/sessions/$session/report")" ;;
    4.2) send GET "$url/offerings/$(latest '')" >/dev/null ;;
    *) echo "There is no step $1." >&2 && exit 1 ;;
    esac
}

if [ "$step" = all ]; then
    for each in 2.1 2.2 2.3 2.4 4.2 2.5; do perform "$each"; done
else
    perform "$step"
fi
