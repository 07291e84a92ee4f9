# Pushes a blob for the case: REPOSITORY FILE DIGEST [ALGORITHM].
push_blob() {
  url=/v2/$1/blobs/uploads/
  [ -z "${4-}" ] || url="$url?digest-algorithm=$4"
  quietly POST "$url" -H 'Content-Type:' --data-binary ''
  location=$(header Location) || location=
  case $STATUS in
    201) return ;;
    202) ;;
    *) not_pushed "POST $url" ;;
  esac
  [ -n "$location" ] || stop "the response to POST $url has no Location"
  BODY=$2
  quietly PUT "$(with_query "$(resolve "$URL" "$location")" "digest=$3")" -H 'Content-Type: application/octet-stream' --data-binary "@$2"
  case $STATUS in 2??) ;; *) not_pushed "the blob $3" ;; esac
}

# Pushes a manifest for the case: REPOSITORY FILE REFERENCE MEDIA-TYPE.
push_manifest() {
  BODY=$2
  quietly PUT "/v2/$1/manifests/$3" -H "Content-Type: $4" --data-binary "@$2"
  case $STATUS in 2??) ;; *) not_pushed "the manifest $3" ;; esac
}

# Sends a request of the set-up, and shows no more than a line.
quietly() {
  METHOD=$1 URL=$2
  shift 2
  case $URL in /*) URL=$TARGET$URL ;; esac
  REQUESTED=$URL
  exchange "$@"
  printf '%s %s: %s\n' "$METHOD" "$URL" "$STATUS" | printable
  note_write
}

# Ends where the registry refuses content that the case needs.
not_pushed() {
  show_response
  if [ -n "$REFUSABLE" ]; then declined "$REFUSABLE"; fi
  stop "the registry refused a push that the case needs: $1 (status $STATUS)"
}
